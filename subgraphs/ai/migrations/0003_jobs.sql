-- A page of calls continues after the moment that its last one shows, which a client knows to the millisecond.
alter table ai.job alter column started_at type timestamptz(3);
alter table ai.job
  -- What the call cost in millionths of a euro, by the price of its model at the time it was recorded.
  add column cost_micros bigint not null default 0,
  add column temperature double precision,
  -- What the model was given to answer from: the passages, in the order of their numbers in the prompt.
  add column context jsonb,
  -- The call whose messages were sent again.
  add column replay_of text;
create index job_by_user on ai.job (organization_id, user_id, started_at desc, id desc);

-- What a model costs an organisation; one that has no row costs nothing, as those of the house do.
create table ai.model_price (
  organization_id text not null,
  model text not null,
  -- Millionths of a euro for a million tokens.
  input_micros bigint not null,
  output_micros bigint not null,
  updated_at timestamptz(3) not null default now(),
  updated_by text,
  primary key (organization_id, model)
);
select platform.isolate('ai.model_price');

-- Who has calls that are older than they are kept.
create function ai.organizations_with_jobs_before(before timestamptz) returns table (organization_id text)
language sql stable security definer set search_path = '' as $$
  select distinct organization_id from ai.job where started_at < before
$$;
revoke all on function ai.organizations_with_jobs_before(timestamptz) from public;
grant execute on function ai.organizations_with_jobs_before(timestamptz) to passerelle_app;
