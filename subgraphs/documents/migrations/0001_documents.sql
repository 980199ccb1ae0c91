-- A document is one content of one organisation. `run` counts its ingestions: whatever still works for an earlier run (a job that was cancelled,
-- a page that comes late) finds that the run has moved on, and writes nothing.
create table documents.document (
  id text primary key,
  organization_id text not null,
  title text not null,
  filename text not null,
  content_type text not null,
  size bigint not null,
  -- SHA-256 of the bytes; null until they have arrived.
  hash text,
  -- Set when the bytes turned out to be those of another document: this id then means that one.
  same_as text references documents.document (id) on delete cascade,
  -- The e-mail this file was attached to.
  parent_id text references documents.document (id) on delete set null,
  kind text,
  language text,
  page_count integer,
  run integer not null default 1,
  attempts integer not null default 0,
  stage text not null default 'WAITING',
  progress real not null default 0,
  error_code text,
  error_message text,
  degraded text[] not null default '{}',
  embedding_model text,
  -- Position in the fact log of the newest status, written with it.
  cursor bigint not null default 0,
  created_by text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
-- The same bytes are one document of an organisation, however many arrive at the same moment.
create unique index document_by_hash on documents.document (organization_id, hash) where same_as is null and hash is not null;
create index document_by_creation on documents.document (organization_id, created_at desc, id desc) where same_as is null;
create index document_by_title on documents.document (organization_id, lower(title), id) where same_as is null;
create index document_by_parent on documents.document (parent_id) where parent_id is not null;
create index document_degraded on documents.document (organization_id) where degraded <> '{}';
select platform.isolate('documents.document');

create table documents.stage (
  organization_id text not null,
  document_id text not null references documents.document (id) on delete cascade,
  run integer not null,
  stage text not null,
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  primary key (document_id, run, stage)
);
select platform.isolate('documents.stage');

-- Words are kept beside the text they are in, as [text, x, y, width, height, start, line, block, confidence]: read whole or not at all.
create table documents.page (
  organization_id text not null,
  document_id text not null references documents.document (id) on delete cascade,
  number integer not null,
  width real not null,
  height real not null,
  text text not null,
  recognized boolean not null,
  confidence real,
  needs_recognition boolean not null default false,
  words jsonb not null,
  headings jsonb not null,
  primary key (document_id, number)
);
select platform.isolate('documents.page');

create table documents.chunk (
  id text primary key,
  organization_id text not null,
  document_id text not null references documents.document (id) on delete cascade,
  index integer not null,
  page integer not null,
  text text not null,
  boxes jsonb not null,
  token_count integer not null,
  unique (document_id, index)
);
select platform.isolate('documents.chunk');

create table documents.mention (
  id bigint generated always as identity primary key,
  organization_id text not null,
  document_id text not null references documents.document (id) on delete cascade,
  entity_id text not null,
  entity_type text not null,
  kind text,
  key text not null,
  name text not null,
  page integer not null,
  boxes jsonb not null,
  excerpt text not null,
  confidence real not null,
  extractor text not null
);
create index mention_by_entity on documents.mention (organization_id, entity_id, id);
create index mention_by_document on documents.mention (document_id);
select platform.isolate('documents.mention');

create table documents.relation (
  organization_id text not null,
  document_id text not null references documents.document (id) on delete cascade,
  from_entity text not null,
  to_entity text not null,
  type text not null,
  confidence real not null,
  primary key (document_id, from_entity, to_entity, type)
);
select platform.isolate('documents.relation');

-- Which organisations have documents that wait for an engine: all a catch-up needs before it enters one.
create function documents.organizations_behind(model text) returns table (organization_id text)
language sql stable security definer set search_path = '' as $$
  select distinct organization_id from documents.document
  where same_as is null and stage = 'READY' and model is not null and embedding_model is null
$$;
revoke all on function documents.organizations_behind(text) from public;
grant execute on function documents.organizations_behind(text) to passerelle_app;

-- Uploads whose bytes never came.
create function documents.organizations_with_abandoned_uploads(before timestamptz) returns table (organization_id text)
language sql stable security definer set search_path = '' as $$
  select distinct organization_id from documents.document where hash is null and same_as is null and created_at < before
$$;
revoke all on function documents.organizations_with_abandoned_uploads(timestamptz) from public;
grant execute on function documents.organizations_with_abandoned_uploads(timestamptz) to passerelle_app;
