-- The sparse side of the search index and the register of its points. A shelf is one collection of one organisation; its row carries the
-- statistics of BM25 and is locked first by whoever writes, so that writers of one shelf take turns and never deadlock.
create table platform.vector_shelf (
  organization_id text not null,
  collection text not null,
  shelf integer generated always as identity unique,
  next_point integer not null default 0,
  points integer not null default 0,
  total_length bigint not null default 0,
  primary key (organization_id, collection)
);
select platform.isolate('platform.vector_shelf');

create table platform.vector_point (
  organization_id text not null,
  shelf integer not null,
  -- Counts up within the shelf and is never used again.
  point integer not null,
  id text not null,
  document_id text not null,
  content_type text not null,
  kind text,
  created_at timestamptz not null,
  length integer not null,
  -- What its postings are found by when the point is replaced or removed.
  terms text[] not null,
  -- The embedding model whose space holds a vector of this point; null when there is none.
  dense_model text,
  primary key (shelf, point),
  unique (shelf, id)
);
create index vector_point_document on platform.vector_point (shelf, document_id);
select platform.isolate('platform.vector_point');

-- Postings of 4096 points at a time: a row per posting would be five times as large and a document's write thirty times as many rows.
-- An entry is point & 4095 (12 bits), frequency (6 bits), length (13 bits).
create table platform.vector_posting (
  organization_id text not null,
  shelf integer not null,
  term text not null,
  bucket integer not null,
  entries integer[] not null,
  primary key (shelf, term, bucket)
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
select platform.isolate('platform.vector_posting');
