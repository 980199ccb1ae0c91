-- When a document that was read without an embedding model is to be asked for again: at once, never while its job waits, or a while after a try.
alter table documents.document add column embedding_due timestamptz not null default now();
drop function documents.organizations_behind(text);
create function documents.organizations_without_embeddings(at timestamptz) returns table (organization_id text)
language sql stable security definer set search_path = '' as $$
  select distinct organization_id from documents.document
  where stage = 'READY' and embedding_model is null and same_as is null and embedding_due <= at
$$;
revoke all on function documents.organizations_without_embeddings(timestamptz) from public;
grant execute on function documents.organizations_without_embeddings(timestamptz) to passerelle_app;
