-- What programs and partners ask with. Of a secret only its keyed hash is kept; the one that it replaced holds until its time is over.
create table tenancy.api_key (
  id text primary key,
  organization_id text not null references tenancy.organization (id),
  name text not null,
  kind text not null check (kind in ('INTERNAL', 'PARTNER')),
  scopes text[] not null,
  -- In CIDR; none allows every network.
  networks text[] not null,
  -- Whose rights bound it, today and not when it was made.
  maker_id text not null,
  hash text not null,
  previous_hash text,
  previous_valid_until timestamptz(3),
  created_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null,
  rotated_at timestamptz(3),
  revoked_at timestamptz(3),
  revoked_by text,
  last_used_at timestamptz(3),
  last_used_network text
);
create index api_key_by_age on tenancy.api_key (organization_id, created_at desc, id desc);
select platform.isolate('tenancy.api_key');

-- Who holds a key, before any organisation is known: nobody, when the secret is another, the key is over, or whoever answers for it has left.
create function tenancy.find_api_key(wanted text, shown text)
returns table (organization_id text, kind text, scopes text[], networks text[], maker_roles text[], granted_scopes text[], withheld_scopes text[],
  valid_until timestamptz)
language sql stable security definer set search_path = '' as $$
  select key.organization_id, key.kind, key.scopes, key.networks, member.roles, member.granted_scopes, member.withheld_scopes,
    case when key.hash = shown then key.expires_at else least(key.expires_at, key.previous_valid_until) end
  from tenancy.api_key as key
  join tenancy.member on member.organization_id = key.organization_id and member.user_id = key.maker_id
  where key.id = wanted and key.revoked_at is null and key.expires_at > now()
    and (key.hash = shown or (key.previous_hash = shown and key.previous_valid_until > now()))
$$;
revoke all on function tenancy.find_api_key(text, text) from public;
grant execute on function tenancy.find_api_key(text, text) to passerelle_app;
