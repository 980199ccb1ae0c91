-- Which chains have grown and are to be signed: by so many entries, or since so long ago.
create function platform.audit_anchors_due(grown bigint, age interval)
returns table (organization_id text, "position" bigint, hash bytea)
language sql stable security definer set search_path = '' as $$
  select head.organization_id, head.position, head.hash
  from platform.audit_head as head
  left join lateral (
    select anchor.position, anchor.signed_at from platform.audit_anchor as anchor
    where anchor.organization_id = head.organization_id order by anchor.position desc limit 1) as last on true
  where head.position > coalesce(last.position, 0)
    and (last.position is null or head.position - last.position >= grown or last.signed_at <= now() - age)
$$;
revoke all on function platform.audit_anchors_due(bigint, interval) from public;
grant execute on function platform.audit_anchors_due(bigint, interval) to passerelle_app;
