-- Documents that people share with clients of the organisation. A client reads the rows of the documents that are shared with them, and nothing of what was
-- read in these; when the sharing or the document ends, so does this.
create table documents.client_share (
  organization_id text not null,
  document_id text not null references documents.document (id) on delete cascade,
  -- Whom conciergerie keeps.
  client_id text not null,
  shared_by text,
  shared_at timestamptz(3) not null default now(),
  primary key (document_id, client_id)
);
create index client_share_of_client on documents.client_share (organization_id, client_id, shared_at, document_id);
select platform.isolate('documents.client_share');
select platform.share_with_client('documents.client_share', $$client_id = (select current_setting('passerelle.client', true))$$);
select platform.share_with_client('documents.document', $$id in (
  select document_id from documents.client_share where client_id = (select current_setting('passerelle.client', true)))$$);
