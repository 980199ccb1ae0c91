-- Requests about personal data: what somebody asked to take along or to have erased, and how far it is.
create table tenancy.privacy_request (
  id text primary key,
  organization_id text not null,
  kind text not null check (kind in ('PERSON_EXPORT', 'PERSON_ERASURE', 'ORGANIZATION_EXPORT', 'ORGANIZATION_ERASURE')),
  -- PENDING: a second person has to say yes. SCHEDULED: until due_at it can be cancelled.
  state text not null check (state in ('PENDING', 'SCHEDULED', 'RUNNING', 'DONE', 'REJECTED', 'CANCELLED', 'EXPIRED')),
  -- Whom it is about, sealed; gone once it is done.
  subject text,
  choice text,
  approval_id text,
  requested_by text,
  approved_by text,
  due_at timestamptz(3),
  -- What was found before, by store, and which rooms are done: what a job that comes back goes on from.
  progress jsonb not null default '{}',
  -- The archive, for a day.
  file_hash text,
  file_size bigint,
  expires_at timestamptz(3),
  receipt jsonb,
  created_at timestamptz(3) not null default now(),
  finished_at timestamptz(3)
);
create index privacy_request_newest on tenancy.privacy_request (organization_id, id desc);
create index privacy_request_due on tenancy.privacy_request (due_at) where state = 'SCHEDULED';
create index privacy_request_file on tenancy.privacy_request (expires_at) where file_hash is not null;
select platform.isolate('tenancy.privacy_request');

-- Receipts of organisations that are gone, kept by the installation ('installation'): whoever holds the token reads it.
create table tenancy.erasure_receipt (
  organization_id text not null,
  id text not null,
  token_hash text not null unique,
  -- What there was, written down before it goes.
  found jsonb,
  receipt jsonb,
  created_at timestamptz(3) not null default now(),
  primary key (organization_id, id)
);
select platform.isolate('tenancy.erasure_receipt');

-- Which entries of the list of erasures this database has been through ('installation'). One that was put back has not, and goes through them again.
create table tenancy.erasure_applied (
  organization_id text not null,
  id text not null,
  applied_at timestamptz(3) not null default now(),
  primary key (organization_id, id)
);
select platform.isolate('tenancy.erasure_applied');

-- What is due in which organisation: erasures whose time has come, and archives whose time is over.
create function tenancy.due_privacy_requests() returns table (organization_id text, id text, state text)
language sql stable security definer set search_path = '' as $$
  select organization_id, id, state from tenancy.privacy_request
  where (state = 'SCHEDULED' and due_at <= now()) or (file_hash is not null and expires_at <= now())
$$;
revoke all on function tenancy.due_privacy_requests() from public;
grant execute on function tenancy.due_privacy_requests() to passerelle_app;

-- Every table that has rows of organisations, each behind those that refer to it, but for the audit log, which nobody deletes from.
create function tenancy.tables_of_organizations() returns table (name text, organization_column text)
language sql stable security definer set search_path = '' as $$
  with recursive held as (
    select c.oid, n.nspname || '.' || c.relname as name,
      case when n.nspname || '.' || c.relname = 'tenancy.organization' then 'id' else 'organization_id' end as organization_column
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and n.nspname || '.' || c.relname not in ('platform.audit_entry', 'platform.audit_head', 'platform.audit_anchor')
      and (n.nspname || '.' || c.relname = 'tenancy.organization' or exists (
        select from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attname = 'organization_id' and not a.attisdropped))
  ),
  depths as (
    select oid, 0 as depth from held
    union all
    select k.confrelid, depths.depth + 1 from depths join pg_catalog.pg_constraint k on k.conrelid = depths.oid and k.contype = 'f'
    where k.confrelid <> k.conrelid and depths.depth < 12
  )
  select held.name, held.organization_column from held join depths on depths.oid = held.oid
  group by 1, 2 order by max(depths.depth), 1
$$;
revoke all on function tenancy.tables_of_organizations() from public;
grant execute on function tenancy.tables_of_organizations() to passerelle_app;

-- Deletes rows of the transaction's organisation, also where the application may not; a few at a time. Only for tables of the list above.
create function tenancy.erase_rows(wanted text, most integer) returns bigint
language plpgsql volatile security definer set search_path = '' as $$
declare
  organization_column text;
  erased bigint;
  own text := current_setting('passerelle.organization', true);
begin
  select listed.organization_column into organization_column from tenancy.tables_of_organizations() as listed where listed.name = wanted;
  if organization_column is null or coalesce(own, '') in ('', 'installation') then
    raise exception 'no rows of % are erased here', wanted using errcode = 'insufficient_privilege';
  end if;
  execute format('delete from %s where ctid = any(array(select ctid from %s where %I = $1 limit $2))',
    wanted::regclass, wanted::regclass, organization_column) using own, most;
  get diagnostics erased = row_count;
  return erased;
end $$;
revoke all on function tenancy.erase_rows(text, integer) from public;
grant execute on function tenancy.erase_rows(text, integer) to passerelle_app;

-- Deletes jobs of the transaction's organisation that are not being done: all, or those whose data hold a text. An installation without queues has none.
create function tenancy.erase_jobs(needle text) returns bigint
language plpgsql volatile security definer set search_path = '' as $$
declare
  erased bigint;
  own text := current_setting('passerelle.organization', true);
begin
  if to_regclass('jobs.job') is null or coalesce(own, '') = '' then return 0; end if;
  execute 'delete from jobs.job where data->>''organizationId'' = $1 and state <> ''active'' and ($2 is null or strpos(lower(data::text), lower($2)) > 0)'
    using own, needle;
  get diagnostics erased = row_count;
  return erased;
end $$;
revoke all on function tenancy.erase_jobs(text) from public;
grant execute on function tenancy.erase_jobs(text) to passerelle_app;

-- Deletes those of the people who belong to no organisation any more; whoever belongs to another one stays.
create function tenancy.erase_people(wanted text[]) returns setof text
language sql volatile security definer set search_path = '' as $$
  delete from tenancy.person where id = any(wanted) and not exists (select from tenancy.member where user_id = person.id) returning id
$$;
revoke all on function tenancy.erase_people(text[]) from public;
grant execute on function tenancy.erase_people(text[]) to passerelle_app;
