// Adds what documents mention, and the entities that are not there yet. A known entity keeps its name; another printed name becomes an alias, at
// most $maxAliases. `search` is the folded text by which find_entities finds it, `change` by how many its documents are more: 0 or 1.
// One statement, for each look at an entity costs as much as writing it. Plain CREATE of the mention: the documents' former ones are removed before,
// in the same transaction, and a MERGE would read all of the document's mentions again for each new one.
// `relation` is WRITTEN_BY, ABOUT or MENTIONS; page, chunk and boxes are the place that says most, pages and chunks those of all places.
// Parameters: maxAliases, documents [{id, rows}], rows [{id, type, kind, key, name, search, change, relation, count, confidence, extractor, page, chunk, boxes, pages, chunks}].
// Result: none.
UNWIND $documents AS document
MATCH (d:Document {organizationId: $organizationId, id: document.id})
UNWIND document.rows AS row
MERGE (e:Entity {organizationId: $organizationId, id: row.id})
ON CREATE SET e.type = row.type, e.kind = row.kind, e.key = row.key, e.name = row.name, e.aliases = [], e.search = row.search, e.documents = row.change
ON MATCH SET
  e.documents = e.documents + row.change,
  e.search = CASE WHEN row.name = e.name OR row.name IN e.aliases OR size(e.aliases) >= $maxAliases THEN e.search ELSE e.search + row.search END,
  e.aliases = CASE WHEN row.name = e.name OR row.name IN e.aliases OR size(e.aliases) >= $maxAliases THEN e.aliases ELSE e.aliases + [row.name] END
CREATE (d)-[m:MENTIONS {organizationId: $organizationId, relation: row.relation, count: row.count, confidence: row.confidence, extractor: row.extractor, page: row.page, chunk: row.chunk, boxes: row.boxes, pages: row.pages, chunks: row.chunks}]->(e)
