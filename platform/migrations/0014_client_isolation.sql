-- A client of an organisation (an owner, a guest, a company that it works for) sees what is theirs and nothing else of it. Where one asks, the transaction
-- says so (`passerelle.client`), and a restrictive policy closes every table of every room to the plain role; a table of which clients see something says
-- which rows these are.
create function platform.close_to_clients(closed regclass) returns void
language plpgsql as $$
begin
  execute format(
    'create policy client on %s as restrictive to passerelle_app using ((select coalesce(current_setting(''passerelle.client'', true), '''') = ''''))',
    closed);
end $$;

-- Shows a client the rows for which `reads` holds, and lets them write the rows for which `inserts` or `updates` does. Expressions in SQL; nothing unless
-- told. They ask for `(select current_setting('passerelle.client', true))`, and for the client's own rows of other tables.
create function platform.share_with_client(shared regclass, reads text, inserts text default 'false', updates text default 'false') returns void
language plpgsql as $$
declare
  nobody constant text := '(select coalesce(current_setting(''passerelle.client'', true), '''') = '''')';
begin
  execute format('drop policy if exists client on %s', shared);
  execute format('create policy client_reads on %s as restrictive for select to passerelle_app using (%s or (%s))', shared, nobody, reads);
  execute format('create policy client_inserts on %s as restrictive for insert to passerelle_app with check (%s or (%s))', shared, nobody, inserts);
  execute format('create policy client_updates on %s as restrictive for update to passerelle_app using (%s or (%s))', shared, nobody, updates);
  execute format('create policy client_deletes on %s as restrictive for delete to passerelle_app using (%s)', shared, nobody);
end $$;

-- What every write leaves behind, whoever makes it: the log of facts and the audit log, of which no resolver shows a client anything.
create function platform.open_to_clients(opened regclass) returns void
language plpgsql as $$
begin
  execute format('drop policy if exists client on %s', opened);
end $$;

create or replace function platform.isolate(isolated regclass, organization_column text default 'organization_id') returns void
language plpgsql as $$
begin
  execute format('alter table %s enable row level security', isolated);
  execute format('alter table %s force row level security', isolated);
  execute format(
    'create policy organization on %s using (%I = (select current_setting(''passerelle.organization'', true))) with check (%I = (select current_setting(''passerelle.organization'', true)))',
    isolated, organization_column, organization_column);
  execute format('create policy owner on %s to current_user using (true) with check (true)', isolated);
  perform platform.close_to_clients(isolated);
end $$;

-- The tables that were there before.
do $$
declare
  isolated regclass;
begin
  for isolated in select polrelid::regclass from pg_policy where polname = 'organization' loop
    perform platform.close_to_clients(isolated);
  end loop;
end $$;

select platform.open_to_clients(opened::regclass)
from unnest(array['platform.fact_head', 'platform.fact', 'platform.audit_head', 'platform.audit_entry']) as opened;
