-- Every table of every room is isolated the same way: one policy compares its organisation with the transaction's, for everybody but the owner,
-- and the owner is who runs migrations and the few SECURITY DEFINER functions that work before an organisation is known.
-- The setting is read in a subquery: once for a statement, not once for a row.
create function platform.isolate(isolated regclass, organization_column text default 'organization_id') returns void
language plpgsql as $$
begin
  execute format('alter table %s enable row level security', isolated);
  execute format('alter table %s force row level security', isolated);
  execute format(
    'create policy organization on %s using (%I = (select current_setting(''passerelle.organization'', true))) with check (%I = (select current_setting(''passerelle.organization'', true)))',
    isolated, organization_column, organization_column);
  execute format('create policy owner on %s to current_user using (true) with check (true)', isolated);
end $$;

-- The migration log says nothing of any organisation; the plain role may read it for the doctor, no more.
alter table platform.migration enable row level security;
alter table platform.migration force row level security;
create policy readable on platform.migration for select using (true);
create policy owner on platform.migration to current_user using (true) with check (true);
grant select on platform.migration to passerelle_app;
