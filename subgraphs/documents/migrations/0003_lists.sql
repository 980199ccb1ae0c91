-- Titles are ordered and found as people look for them, without case and accents, in the form the rest of the house compares names in. The forms are
-- kept in columns: under row security an index serves a comparison of columns, not one of what a function makes of them.
alter table documents.document
  add column sort_title text collate "C" not null default '',
  -- Folded and compact forms of title and file name, one a line.
  add column search text not null default '';
update documents.document set sort_title = lower(title), search = E'\n' || lower(title) || E'\n' || lower(filename);
alter table documents.document alter column sort_title drop default, alter column search drop default;

drop index documents.document_by_title;
create index document_by_title on documents.document (organization_id, sort_title, id) where same_as is null;
-- Ids sort by creation.
drop index documents.document_by_creation;
create index document_by_creation on documents.document (organization_id, id desc) where same_as is null;
create index document_by_stage on documents.document (organization_id, stage, id desc) where same_as is null;

-- What a deletion looks for in every other row.
create index document_by_target on documents.document (same_as) where same_as is not null;
-- What the rounds of upkeep look for, which is next to nothing among everything.
create index document_awaited on documents.document (created_at) where hash is null and same_as is null;
create index document_unembedded on documents.document (organization_id, id) where stage = 'READY' and embedding_model is null and same_as is null;
