// Adds mentions of entities that exist. Plain CREATE: the document's former mentions are removed before, in the same transaction, and a
// MERGE would read all of the document's mentions again for each new one.
// `relation` is WRITTEN_BY, ABOUT or MENTIONS; page, chunk and boxes are the place that says most, pages and chunks those of all places.
// Parameters: documentId, rows [{id, relation, count, confidence, extractor, page, chunk, boxes, pages, chunks}].
// Result: none.
MATCH (d:Document {organizationId: $organizationId, id: $documentId})
UNWIND $rows AS row
MATCH (e:Entity {organizationId: $organizationId, id: row.id})
CREATE (d)-[m:MENTIONS {organizationId: $organizationId, relation: row.relation, count: row.count, confidence: row.confidence, extractor: row.extractor, page: row.page, chunk: row.chunk, boxes: row.boxes, pages: row.pages, chunks: row.chunks}]->(e)
