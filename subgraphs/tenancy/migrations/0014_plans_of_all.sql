-- For the operator, who lists what each organisation of the installation may use, or one.
create function tenancy.list_plans(wanted text) returns table (organization_id text, name text, plan text)
language sql stable security definer set search_path = '' as $$
  select organization.id, organization.name, coalesce(plan.name, 'UNLIMITED')
  from tenancy.organization left join tenancy.plan on plan.organization_id = organization.id
  where wanted is null or organization.id = wanted order by organization.id
$$;
revoke all on function tenancy.list_plans(text) from public;
grant execute on function tenancy.list_plans(text) to passerelle_app;
