-- The keys that fields about people are sealed with, a few per organisation and some of the installation's own ('installation'). Each is wrapped by the
-- master key, which is never in the database: without it these rows open nothing.
create table platform.data_key (
  id text primary key,
  organization_id text not null,
  -- SEAL closes fields, INDEX makes blind indexes, SIGN signs receipts.
  purpose text not null check (purpose in ('SEAL', 'INDEX', 'SIGN')),
  -- The newest that is in use writes; all read.
  number integer not null,
  wrapped text not null,
  -- Which master key wraps it.
  master text not null,
  -- A new key is known to every process before any of them writes with it.
  writes_from timestamptz(3) not null default now(),
  created_at timestamptz(3) not null default now(),
  unique (organization_id, purpose, number)
);
select platform.isolate('platform.data_key');

-- Which master keys are needed, and by whom: what a start and a rotation look at before they enter an organisation.
create function platform.master_keys() returns table (organization_id text, master text, keys bigint)
language sql stable security definer set search_path = '' as $$
  select organization_id, master, count(*) from platform.data_key group by 1, 2
$$;
revoke all on function platform.master_keys() from public;
grant execute on function platform.master_keys() to passerelle_app;

-- Which organisations still have values that no key closes, in a table of those that are marked personal.
create function platform.organizations_with_unsealed(marked regclass, marked_columns text[]) returns setof text
language plpgsql stable security definer set search_path = '' as $$
declare
  open_value text;
begin
  select string_agg(format('%I not like ''v1:key\_%%''', name), ' or ') into open_value from unnest(marked_columns) as name;
  return query execute format('select distinct organization_id from %s where %s', marked, open_value);
end $$;
revoke all on function platform.organizations_with_unsealed(regclass, text[]) from public;
grant execute on function platform.organizations_with_unsealed(regclass, text[]) to passerelle_app;

-- Whom a message is for is found by a blind index; whoever closes it with another key writes it again.
alter table platform.mail add column recipient_index text;
create index mail_by_recipient on platform.mail (organization_id, recipient_index);
grant update (recipient, subject, recipient_index) on platform.mail to passerelle_app;
