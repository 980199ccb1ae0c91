-- Who did what, one chain per organisation: each entry holds the SHA-256 of the one before it and of itself (platform/src/audit/chain.ts). The head row
-- is taken last in a transaction and held to its commit, as that of the facts is, so that positions have no gaps.
create table platform.audit_head (
  organization_id text primary key,
  position bigint not null,
  hash bytea not null
);
select platform.isolate('platform.audit_head');
revoke delete on platform.audit_head from passerelle_app;

create table platform.audit_entry (
  organization_id text not null,
  position bigint not null check (position > 0),
  occurred_at timestamptz(3) not null,
  author text not null check (author in ('PERSON', 'KEY', 'AI', 'SERVICE')),
  user_id text,
  key_id text,
  session_id text,
  request_id text,
  -- The network that it came from, not the address.
  caller text,
  action text not null,
  subject_kind text,
  subject_id text,
  -- Ids and codes. Of type json, which keeps the very bytes that were hashed.
  detail json not null,
  hash bytea not null check (length(hash) = 32),
  primary key (organization_id, position)
);
create index audit_entry_by_action on platform.audit_entry (organization_id, action, position desc);
create index audit_entry_by_subject on platform.audit_entry (organization_id, subject_id, position desc) where subject_id is not null;
create index audit_entry_by_user on platform.audit_entry (organization_id, user_id, position desc) where user_id is not null;
create index audit_entry_by_key on platform.audit_entry (organization_id, key_id, position desc) where key_id is not null;
select platform.isolate('platform.audit_entry');
revoke update, delete, truncate, references, trigger on platform.audit_entry from passerelle_app;

-- What was signed of a chain, and where it stood. A copy of each is kept outside the database.
create table platform.audit_anchor (
  organization_id text not null,
  position bigint not null,
  hash bytea not null check (length(hash) = 32),
  signed_at timestamptz(3) not null,
  key_id text not null,
  signature bytea not null,
  primary key (organization_id, position)
);
select platform.isolate('platform.audit_anchor');
revoke update, delete, truncate, references, trigger on platform.audit_anchor from passerelle_app;

-- Nobody changes what has been written: not the owner either, unless a superuser takes the trigger away, which verification finds afterwards.
create function platform.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_schema || '.' || tg_table_name using errcode = 'insufficient_privilege';
end $$;
create trigger append_only before update or delete or truncate on platform.audit_entry
  for each statement execute function platform.refuse_change();
create trigger append_only before update or delete or truncate on platform.audit_anchor
  for each statement execute function platform.refuse_change();

-- Which organisations have a chain, and where it stands: for whoever signs or verifies them all.
create function platform.audit_heads() returns table (organization_id text, "position" bigint, hash bytea)
language sql stable security definer set search_path = '' as $$
  select organization_id, position, hash from platform.audit_head order by 1
$$;
revoke all on function platform.audit_heads() from public;
grant execute on function platform.audit_heads() to passerelle_app;
