-- The plan of an organisation; one without a row has no limits. What the plan limits stands in platform.usage_limit, where every room reads it.
create table tenancy.plan (
  organization_id text primary key,
  name text not null,
  changed_at timestamptz(3) not null default now()
);
select platform.isolate('tenancy.plan');

-- For the round that remembers, day by day, how much of each organisation is there.
create function tenancy.organization_ids() returns table (organization_id text)
language sql stable security definer set search_path = '' as $$
  select id from tenancy.organization order by id
$$;
revoke all on function tenancy.organization_ids() from public;
grant execute on function tenancy.organization_ids() to passerelle_app;
