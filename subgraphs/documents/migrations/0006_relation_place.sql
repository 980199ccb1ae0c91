-- Where a document states a relation: the page, the passage (its index), the words of both ends, and what found it. Relations read before stand
-- where their document first names the end they start at.
alter table documents.relation
  add column page integer,
  add column chunk integer,
  add column boxes jsonb,
  add column extractor text;
update documents.relation r
set page = m.page, chunk = m.chunk, boxes = m.boxes, extractor = 'rules'
from (
  select distinct on (document_id, entity_id) document_id, entity_id, page, chunk, boxes
  from documents.mention
  order by document_id, entity_id, id
) m
where m.document_id = r.document_id and m.entity_id = r.from_entity;
update documents.relation set page = 1, boxes = '[]', extractor = 'rules' where page is null;
alter table documents.relation
  alter column page set not null,
  alter column boxes set not null,
  alter column extractor set not null;
