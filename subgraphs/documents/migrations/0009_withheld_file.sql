-- The file of a document that named somebody who has been erased is not shown any more: ERASED, its bytes are gone; LEGAL_HOLD, the law asks for them to be kept,
-- and nobody reads them here. What was read from it stays, with the person masked.
alter table documents.document
  add column file_withheld text check (file_withheld in ('ERASED', 'LEGAL_HOLD')),
  add column withheld_at timestamptz(3);

-- A document without bytes is an upload that never came only when nobody has taken them away.
create or replace function documents.organizations_with_abandoned_uploads(before timestamptz) returns table (organization_id text)
language sql stable security definer set search_path = '' as $$
  select distinct organization_id from documents.document
  where hash is null and same_as is null and file_withheld is null and created_at < before
$$;
