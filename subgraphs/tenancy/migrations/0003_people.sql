-- One person in several organisations: rights of a member beside the roles, invitations, and sessions that tell where they were opened.

-- What one member may do beside the roles, and what is kept from them. The version grows with every change of rights, also from one membership to the
-- next of the same person: a token that carries a lower one is refused. It is a time in milliseconds, so that a restored installation does not begin anew.
alter table tenancy.member
  add column granted_scopes text[] not null default '{}',
  add column withheld_scopes text[] not null default '{}',
  add column rights_version bigint not null default (extract(epoch from clock_timestamp()) * 1000)::bigint;

alter table tenancy.session
  add column device text,
  -- The network, not the address.
  add column network text,
  add column last_used_at timestamptz not null default now();

-- A renewal that was begun under a secret of the client's is answered again to whoever knows that secret, once its answer was lost.
alter table tenancy.refresh_token add column attempt text;

-- A link by which somebody joins. Only the hash of its token is kept; sending it again replaces it.
create table tenancy.invitation (
  id text primary key,
  organization_id text not null references tenancy.organization (id),
  email text not null,
  email_key text not null,
  roles text[] not null,
  hash text not null unique,
  invited_by text not null,
  created_at timestamptz(3) not null default now(),
  sent_at timestamptz not null default now(),
  expires_at timestamptz not null,
  accepted_at timestamptz,
  accepted_by text,
  revoked_at timestamptz,
  check (accepted_at is null or revoked_at is null)
);
create unique index invitation_open on tenancy.invitation (organization_id, email_key) where accepted_at is null and revoked_at is null;
create index invitation_newest on tenancy.invitation (organization_id, created_at desc, id desc);
select platform.isolate('tenancy.invitation');

-- What an invitation is to whoever holds its link, before any organisation is known.
create function tenancy.find_invitation(wanted text)
returns table (id text, organization_id text, organization_name text, email text, roles text[], expires_at timestamptz,
  user_id text, password_hash text, has_place boolean)
language sql stable security definer set search_path = '' as $$
  select invitation.id, invitation.organization_id, organization.name, invitation.email, invitation.roles, invitation.expires_at,
    person.id, person.password_hash, exists (select from tenancy.member where member.user_id = person.id)
  from tenancy.invitation
  join tenancy.organization on organization.id = invitation.organization_id
  left join tenancy.person on person.email_key = invitation.email_key
  where invitation.hash = wanted and invitation.accepted_at is null and invitation.revoked_at is null and invitation.expires_at > now()
$$;
revoke all on function tenancy.find_invitation(text) from public;
grant execute on function tenancy.find_invitation(text) to passerelle_app;

-- Who logs in with an address, and where: in the organisation that is asked for, else where they were last, else where they joined first.
drop function tenancy.find_login(text);
create function tenancy.find_login(wanted text, place text)
returns table (user_id text, password_hash text, organization_id text)
language sql stable security definer set search_path = '' as $$
  select person.id, person.password_hash, member.organization_id
  from tenancy.person join tenancy.member on member.user_id = person.id
  where person.email_key = wanted and (place is null or member.organization_id = place)
  order by (select max(session.last_used_at) from tenancy.session
    where session.organization_id = member.organization_id and session.user_id = member.user_id) desc nulls last, member.joined_at, member.organization_id
  limit 1
$$;
revoke all on function tenancy.find_login(text, text) from public;
grant execute on function tenancy.find_login(text, text) to passerelle_app;

-- The organisations of the person the transaction speaks for; it takes no person.
create function tenancy.own_places()
returns table (organization_id text, name text, roles text[], joined_at timestamptz)
language sql stable security definer set search_path = '' as $$
  select member.organization_id, organization.name, member.roles, member.joined_at
  from tenancy.member join tenancy.organization on organization.id = member.organization_id
  where member.user_id = current_setting('passerelle.user', true)
  order by organization.name, member.organization_id
$$;
revoke all on function tenancy.own_places() from public;
grant execute on function tenancy.own_places() to passerelle_app;

-- The open sessions of that person, in every organisation.
create function tenancy.own_sessions()
returns table (id text, organization_id text, organization_name text, device text, network text, started_at timestamptz, last_used_at timestamptz)
language sql stable security definer set search_path = '' as $$
  select session.id, session.organization_id, organization.name, session.device, session.network, session.started_at, session.last_used_at
  from tenancy.session join tenancy.organization on organization.id = session.organization_id
  where session.user_id = current_setting('passerelle.user', true) and session.ended_at is null
    and exists (select from tenancy.refresh_token
      where refresh_token.session_id = session.id and used_at is null and expires_at > now())
  order by session.last_used_at desc, session.id
$$;
revoke all on function tenancy.own_sessions() from public;
grant execute on function tenancy.own_sessions() to passerelle_app;

-- Ends one of them; answers where it was, or nothing when it is not theirs or has ended.
create function tenancy.end_own_session(wanted text) returns table (organization_id text)
language sql volatile security definer set search_path = '' as $$
  update tenancy.session set ended_at = now()
  where id = wanted and user_id = current_setting('passerelle.user', true) and ended_at is null
  returning organization_id
$$;
revoke all on function tenancy.end_own_session(text) from public;
grant execute on function tenancy.end_own_session(text) to passerelle_app;

-- Members of the transaction's organisation who belong to others too: what opens their account is no single organisation's to read.
create function tenancy.shared_people() returns table (user_id text)
language sql stable security definer set search_path = '' as $$
  select member.user_id from tenancy.member
  where member.organization_id = current_setting('passerelle.organization', true)
    and exists (select from tenancy.member other where other.user_id = member.user_id and other.organization_id <> member.organization_id)
$$;
revoke all on function tenancy.shared_people() from public;
grant execute on function tenancy.shared_people() to passerelle_app;
