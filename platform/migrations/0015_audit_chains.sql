-- Every organisation that has anything of a chain, also one whose head somebody took away, or that somebody wrote entries for: for whoever verifies them all.
create function platform.audit_chains() returns table (organization_id text)
language sql stable security definer set search_path = '' as $$
  with recursive written as (
    (select entry.organization_id from platform.audit_entry as entry order by entry.organization_id limit 1)
    union all
    select (select entry.organization_id from platform.audit_entry as entry
      where entry.organization_id > written.organization_id order by entry.organization_id limit 1)
    from written where written.organization_id is not null)
  select written.organization_id from written where written.organization_id is not null
  union select head.organization_id from platform.audit_head as head
  union select anchor.organization_id from platform.audit_anchor as anchor
  order by 1
$$;
revoke all on function platform.audit_chains() from public;
grant execute on function platform.audit_chains() to passerelle_app;
