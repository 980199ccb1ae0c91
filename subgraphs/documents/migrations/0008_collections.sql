-- Documents that people keep together. A document is in as many collections as they like; it does not go with them, and they do not go with it.
create table documents.collection (
  id text primary key,
  organization_id text not null,
  name text not null,
  -- The name in lower case: what tells two collections of an organisation apart.
  name_key text not null,
  sort_name text collate "C" not null,
  search text not null,
  description text,
  created_by text,
  created_at timestamptz not null default now(),
  constraint collection_name unique (organization_id, name_key)
);
create index collection_by_name on documents.collection (organization_id, sort_name, id);
select platform.isolate('documents.collection');

create table documents.collection_document (
  organization_id text not null,
  collection_id text not null references documents.collection (id) on delete cascade,
  document_id text not null references documents.document (id) on delete cascade,
  added_at timestamptz not null default now(),
  primary key (collection_id, document_id)
);
create index collection_of_document on documents.collection_document (document_id);
select platform.isolate('documents.collection_document');
