-- People and organisations. A person is not an organisation's: the row is seen by the organisations it belongs to, and found before any
-- organisation is known only by the two functions below.
create table tenancy.organization (
  id text primary key,
  name text not null,
  created_at timestamptz not null default now()
);
select platform.isolate('tenancy.organization', 'id');

create table tenancy.person (
  id text primary key,
  email text not null,
  -- Lower case; what makes an address unique.
  email_key text not null unique,
  name text not null,
  password_hash text not null,
  created_at timestamptz not null default now()
);

create table tenancy.member (
  organization_id text not null references tenancy.organization (id),
  user_id text not null references tenancy.person (id),
  roles text[] not null,
  joined_at timestamptz not null default now(),
  primary key (organization_id, user_id)
);
create index member_by_user on tenancy.member (user_id);
select platform.isolate('tenancy.member');

alter table tenancy.person enable row level security;
alter table tenancy.person force row level security;
create policy owner on tenancy.person to current_user using (true) with check (true);
create policy member_of_organization on tenancy.person for select using (
  exists (select from tenancy.member
          where user_id = id and organization_id = current_setting('passerelle.organization', true)));
create policy signs_up on tenancy.person for insert with check (id = current_setting('passerelle.user', true));
create policy itself on tenancy.person for update using (id = current_setting('passerelle.user', true));

-- A session is a family of refresh tokens, of which one is valid; using an old one ends the family.
create table tenancy.session (
  id text primary key,
  organization_id text not null,
  user_id text not null,
  started_at timestamptz not null default now(),
  ended_at timestamptz,
  foreign key (organization_id, user_id) references tenancy.member (organization_id, user_id)
);
create index session_by_user on tenancy.session (organization_id, user_id) where ended_at is null;
select platform.isolate('tenancy.session');

create table tenancy.refresh_token (
  hash text primary key,
  organization_id text not null,
  session_id text not null references tenancy.session (id),
  expires_at timestamptz not null,
  used_at timestamptz
);
create index refresh_token_by_session on tenancy.refresh_token (session_id);
select platform.isolate('tenancy.refresh_token');

create function tenancy.find_login(wanted text)
returns table (user_id text, password_hash text, organization_id text)
language sql stable security definer set search_path = '' as $$
  select person.id, person.password_hash, member.organization_id
  from tenancy.person join tenancy.member on member.user_id = person.id
  where person.email_key = wanted
  order by member.joined_at limit 1
$$;
revoke all on function tenancy.find_login(text) from public;
grant execute on function tenancy.find_login(text) to passerelle_app;

create function tenancy.find_refresh_token(wanted text)
returns table (organization_id text, session_id text, user_id text)
language sql stable security definer set search_path = '' as $$
  select session.organization_id, session.id, session.user_id
  from tenancy.refresh_token join tenancy.session on session.id = refresh_token.session_id
  where refresh_token.hash = wanted
$$;
revoke all on function tenancy.find_refresh_token(text) from public;
grant execute on function tenancy.find_refresh_token(text) to passerelle_app;
