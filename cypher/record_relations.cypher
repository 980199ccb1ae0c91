// Adds relations between entities that exist, as their sources state them. Former ones of a source are removed before, in the same transaction.
// A source is a document, which came in at a moment, or a RECORD entity, which changed then and has no page.
// Parameters: rows [{source (its id), at, from, to, type, confidence, extractor, page, chunk, boxes}].
// Result: none.
UNWIND $rows AS row
MATCH (a:Entity {organizationId: $organizationId, id: row.from})
MATCH (b:Entity {organizationId: $organizationId, id: row.to})
CREATE (a)-[r:RELATED {organizationId: $organizationId, type: row.type, source: row.source, at: row.at, confidence: row.confidence, extractor: row.extractor, page: row.page, chunk: row.chunk, boxes: row.boxes}]->(b)
