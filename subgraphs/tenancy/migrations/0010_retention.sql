-- How many days an organisation keeps what, by noun; what has no rule stays.
create table tenancy.retention_rule (
  organization_id text not null,
  noun text not null,
  days integer not null check (days > 0),
  set_by text,
  set_at timestamptz(3) not null default now(),
  -- When it last ran to its end, and how many it removed.
  applied_at timestamptz(3),
  removed bigint not null default 0,
  primary key (organization_id, noun)
);
select platform.isolate('tenancy.retention_rule');

-- Who has rules that have not run since the moment.
create function tenancy.organizations_with_retention(since timestamptz) returns setof text
language sql stable security definer set search_path = '' as $$
  select distinct organization_id from tenancy.retention_rule where applied_at is null or applied_at < since
$$;
revoke all on function tenancy.organizations_with_retention(timestamptz) from public;
grant execute on function tenancy.organizations_with_retention(timestamptz) to passerelle_app;
