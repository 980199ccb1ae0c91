-- The one link by which a person may choose a new password; asking again replaces it, using it removes it. Only the hash of its token is kept.
create table tenancy.password_reset (
  organization_id text not null,
  user_id text not null,
  hash text not null unique,
  expires_at timestamptz not null,
  primary key (organization_id, user_id),
  foreign key (organization_id, user_id) references tenancy.member (organization_id, user_id)
);
select platform.isolate('tenancy.password_reset');

-- Whose link a token is of, before any organisation is known.
create function tenancy.find_password_reset(wanted text)
returns table (organization_id text, user_id text)
language sql stable security definer set search_path = '' as $$
  select organization_id, user_id from tenancy.password_reset where hash = wanted and expires_at > now()
$$;
revoke all on function tenancy.find_password_reset(text) from public;
grant execute on function tenancy.find_password_reset(text) to passerelle_app;

create index session_of_person on tenancy.session (user_id) where ended_at is null;

-- Whoever changes their password is the same person in every organisation: all that an older password opened ends, but for the session that is
-- spared. It takes no person: it is the one the transaction speaks for.
create function tenancy.end_access(spared text)
returns table (organization_id text, session_id text)
language sql volatile security definer set search_path = '' as $$
  delete from tenancy.password_reset where user_id = current_setting('passerelle.user', true);
  update tenancy.session set ended_at = now()
  where user_id = current_setting('passerelle.user', true) and ended_at is null and id is distinct from spared
  returning organization_id, id;
$$;
revoke all on function tenancy.end_access(text) from public;
grant execute on function tenancy.end_access(text) to passerelle_app;
