-- An export that cannot come about ends, and says why.
alter table tenancy.privacy_request drop constraint privacy_request_state_check;
alter table tenancy.privacy_request add constraint privacy_request_state_check
  check (state in ('PENDING', 'SCHEDULED', 'RUNNING', 'DONE', 'REJECTED', 'CANCELLED', 'EXPIRED', 'FAILED'));
alter table tenancy.privacy_request add column failure text check (failure in ('TOO_LARGE', 'UNREADABLE', 'UNAVAILABLE'));
create index privacy_request_exporting on tenancy.privacy_request (created_at)
  where state = 'RUNNING' and kind in ('PERSON_EXPORT', 'ORGANIZATION_EXPORT');

-- Exports that are not over, too: their jobs may have been given up.
create or replace function tenancy.due_privacy_requests() returns table (organization_id text, id text, state text)
language sql stable security definer set search_path = '' as $$
  select organization_id, id, state from tenancy.privacy_request
  where (state = 'SCHEDULED' and due_at <= now()) or (file_hash is not null and expires_at <= now())
    or (state = 'RUNNING' and kind in ('PERSON_EXPORT', 'ORGANIZATION_EXPORT'))
$$;
