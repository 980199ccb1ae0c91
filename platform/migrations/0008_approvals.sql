-- Everything that needs a person's yes, whichever room proposes it: it is proposed with the rows it belongs to, in one transaction.
create table platform.approval (
  id text primary key,
  organization_id text not null,
  kind text not null,
  -- As it will be carried out, and as it was proposed: a person may change the one before saying yes.
  payload jsonb not null,
  proposed_payload jsonb not null,
  -- What will happen, in words, by language.
  preview jsonb not null,
  status text not null check (status in ('PENDING', 'APPROVED', 'DONE', 'FAILED', 'REJECTED', 'EXPIRED', 'CANCELLED')),
  author text not null check (author in ('PERSON', 'KEY', 'AI', 'SERVICE')),
  -- Whose proposal it is; of an AI's, the person it was made for.
  proposer_id text,
  proposer_key_id text,
  answer_id text,
  -- What its proposer calls it: proposed twice under one name, it is one.
  request_key text,
  note text,
  -- What somebody needs to see it and to decide, all of them.
  required_scopes text[] not null,
  four_eyes boolean not null,
  is_edited boolean not null default false,
  decider_id text,
  reason text,
  result jsonb,
  failure jsonb,
  attempts integer not null default 0,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  expires_at timestamptz(3) not null,
  decided_at timestamptz(3),
  finished_at timestamptz(3)
);
create index approval_by_status on platform.approval (organization_id, status, id);
create index approval_by_proposer on platform.approval (organization_id, proposer_id, id) where proposer_id is not null;
create index approval_due on platform.approval (expires_at) where status = 'PENDING';
create unique index approval_request on platform.approval (organization_id, (coalesce(proposer_key_id, proposer_id, '')), request_key)
  where request_key is not null;
select platform.isolate('platform.approval');

-- What an organisation asks for beyond what the kind asks for.
create table platform.approval_policy (
  organization_id text not null,
  kind text not null,
  required_scope text,
  four_eyes boolean not null,
  lifetime_hours integer,
  updated_at timestamptz(3) not null default now(),
  updated_by text,
  primary key (organization_id, kind)
);
select platform.isolate('platform.approval_policy');

-- Which organisations have proposals whose time is over.
create function platform.organizations_with_due_approvals() returns table (organization_id text)
language sql stable security definer set search_path = '' as $$
  select distinct organization_id from platform.approval where status = 'PENDING' and expires_at <= now()
$$;
revoke all on function platform.organizations_with_due_approvals() from public;
grant execute on function platform.organizations_with_due_approvals() to passerelle_app;
