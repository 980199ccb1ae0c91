-- Addresses of accounts and invitations are sealed (`v1:…`) with the installation's keys, because they are looked for before any organisation is known;
-- `email_key` is a blind index. Rows from before are closed at the next start, before anybody is served.
create function tenancy.unsealed_addresses(current_prefix text, most integer) returns table (kind text, id text, email text)
language sql stable security definer set search_path = '' as $$
  select * from (
    select 'person', id, email from tenancy.person where not starts_with(email, current_prefix)
    union all
    select 'invitation', id, email from tenancy.invitation where not starts_with(email, current_prefix)
  ) as open limit most
$$;
revoke all on function tenancy.unsealed_addresses(text, integer) from public;
grant execute on function tenancy.unsealed_addresses(text, integer) to passerelle_app;

-- Closes one, unless it has changed meanwhile.
create function tenancy.seal_address(wanted_kind text, wanted text, former text, sealed text, key text) returns void
language sql volatile security definer set search_path = '' as $$
  update tenancy.person set email = sealed, email_key = key where wanted_kind = 'person' and id = wanted and email = former;
  update tenancy.invitation set email = sealed, email_key = key where wanted_kind = 'invitation' and id = wanted and email = former;
$$;
revoke all on function tenancy.seal_address(text, text, text, text, text) from public;
grant execute on function tenancy.seal_address(text, text, text, text, text) to passerelle_app;
