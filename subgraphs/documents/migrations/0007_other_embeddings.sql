-- When a document whose vectors are another model's than its organisation's is to be asked for: at once, never while its job waits, or a while after a try.
alter table documents.document add column reembedding_due timestamptz not null default now();
create index document_embedded on documents.document (organization_id, embedding_model, id)
  where stage = 'READY' and embedding_model is not null and same_as is null;
create function documents.embedding_models(at timestamptz) returns table (organization_id text, embedding_model text)
language sql stable security definer set search_path = '' as $$
  select distinct organization_id, embedding_model from documents.document
  where stage = 'READY' and embedding_model is not null and same_as is null and reembedding_due <= at
$$;
revoke all on function documents.embedding_models(timestamptz) from public;
grant execute on function documents.embedding_models(timestamptz) to passerelle_app;
