-- How clients of an organisation come in: by a link that staff make for them, good until it ends or is revoked, or with an account that names them. Of a
-- link's token only a keyed hash is kept.
create table tenancy.client_link (
  id text primary key,
  organization_id text not null references tenancy.organization (id),
  client_id text not null,
  -- What staff know it by; sealed (`v1:…`).
  label text,
  hash text not null unique,
  created_by text not null,
  created_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null,
  revoked_at timestamptz(3),
  revoked_by text,
  uses integer not null default 0,
  last_used_at timestamptz(3)
);
create index client_link_newest on tenancy.client_link (organization_id, client_id, created_at desc, id desc);
select platform.isolate('tenancy.client_link');

-- Whose link it is, before any organisation is known.
create function tenancy.find_client_link(wanted text) returns table (id text, organization_id text)
language sql stable security definer set search_path = '' as $$
  select id, organization_id from tenancy.client_link where hash = wanted and revoked_at is null and expires_at > now()
$$;
revoke all on function tenancy.find_client_link(text) from public;
grant execute on function tenancy.find_client_link(text) to passerelle_app;

-- An account of a client is a place in the organisation without any role: whoever has it is no member.
alter table tenancy.member add column client_id text,
  add constraint member_or_client check ((client_id is null) = (cardinality(roles) > 0));
create index member_by_client on tenancy.member (organization_id, client_id) where client_id is not null;
alter table tenancy.invitation add column client_id text,
  add constraint invitation_of_member_or_client check ((client_id is null) = (cardinality(roles) > 0));
create index invitation_by_client on tenancy.invitation (organization_id, client_id) where client_id is not null;

drop function tenancy.find_invitation(text);
create function tenancy.find_invitation(wanted text)
returns table (id text, organization_id text, organization_name text, email text, roles text[], client_id text, expires_at timestamptz,
  user_id text, password_hash text, has_place boolean)
language sql stable security definer set search_path = '' as $$
  select invitation.id, invitation.organization_id, organization.name, invitation.email, invitation.roles, invitation.client_id, invitation.expires_at,
    person.id, person.password_hash, exists (select from tenancy.member where member.user_id = person.id)
  from tenancy.invitation
  join tenancy.organization on organization.id = invitation.organization_id
  left join tenancy.person on person.email_key = invitation.email_key
  where invitation.hash = wanted and invitation.accepted_at is null and invitation.revoked_at is null and invitation.expires_at > now()
$$;
revoke all on function tenancy.find_invitation(text) from public;
grant execute on function tenancy.find_invitation(text) to passerelle_app;

-- Nobody answers for a key whose maker comes back as a client.
create or replace function tenancy.find_api_key(wanted text, shown text)
returns table (organization_id text, kind text, scopes text[], networks text[], maker_roles text[], granted_scopes text[], withheld_scopes text[],
  valid_until timestamptz)
language sql stable security definer set search_path = '' as $$
  select key.organization_id, key.kind, key.scopes, key.networks, member.roles, member.granted_scopes, member.withheld_scopes,
    case when key.hash = shown then key.expires_at else least(key.expires_at, key.previous_valid_until) end
  from tenancy.api_key as key
  join tenancy.member on member.organization_id = key.organization_id and member.user_id = key.maker_id and member.client_id is null
  where key.id = wanted and key.revoked_at is null and key.expires_at > now()
    and (key.hash = shown or (key.previous_hash = shown and key.previous_valid_until > now()))
$$;

-- What a client's own request touches of tenancy: the organisation's name, and of an account itself, its place and its sessions.
select platform.share_with_client('tenancy.organization', $$id = (select current_setting('passerelle.organization', true))$$);
select platform.share_with_client('tenancy.member',
  $$user_id = (select current_setting('passerelle.user', true)) and client_id = (select current_setting('passerelle.client', true))$$);
select platform.share_with_client('tenancy.person',
  $$id = (select current_setting('passerelle.user', true))$$, 'false', $$id = (select current_setting('passerelle.user', true))$$);
select platform.share_with_client('tenancy.session',
  $$user_id = (select current_setting('passerelle.user', true))$$, 'false', $$user_id = (select current_setting('passerelle.user', true))$$);
