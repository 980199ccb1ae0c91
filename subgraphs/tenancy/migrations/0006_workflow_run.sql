-- A workflow outside, such as one of n8n, that is started by a request to its address.
create table tenancy.workflow_endpoint (
  id text primary key,
  organization_id text not null,
  name text not null,
  -- Sealed, as is what signs.
  url text not null,
  secret text not null,
  input_schema jsonb,
  -- CALLBACK: it tells its result by the run's key; ANSWER: its answer is the result.
  completion text not null,
  timeout_minutes integer not null,
  active boolean not null default true,
  created_by text,
  created_at timestamptz(3) not null default now()
);
create index workflow_endpoint_by_organization on tenancy.workflow_endpoint (organization_id, id);
select platform.isolate('tenancy.workflow_endpoint');

create table tenancy.workflow_run (
  id text primary key,
  organization_id text not null,
  endpoint_id text not null references tenancy.workflow_endpoint (id) on delete cascade,
  -- Given by who starts it: the same twice is one run.
  request_id text not null,
  -- QUEUED, RUNNING, WAITING, DONE, FAILED, TIMED_OUT or CANCELLED.
  state text not null,
  input jsonb not null,
  result jsonb,
  failure text,
  progress real,
  -- What the run's key is known by, and the key itself, sealed, until the workflow has it for sure.
  key_hash text not null,
  key_sealed text,
  attempts integer not null default 0,
  deadline_at timestamptz not null,
  retry_of text,
  started_by text,
  created_at timestamptz(3) not null default now(),
  started_at timestamptz,
  ended_at timestamptz,
  unique (organization_id, endpoint_id, request_id)
);
create index workflow_run_by_organization on tenancy.workflow_run (organization_id, id);
create index workflow_run_by_endpoint on tenancy.workflow_run (endpoint_id, id);
select platform.isolate('tenancy.workflow_run');

-- What a run told of itself on its way.
create table tenancy.workflow_step (
  organization_id text not null,
  run_id text not null references tenancy.workflow_run (id) on delete cascade,
  number integer not null,
  name text not null,
  message text,
  at timestamptz not null default now(),
  primary key (run_id, number)
);
select platform.isolate('tenancy.workflow_step');
