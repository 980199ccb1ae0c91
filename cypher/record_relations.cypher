// Adds relations between entities that exist, as one source states them. Former ones of the source are removed before, in the same transaction.
// The source is a document, which came in at a moment, or a RECORD entity, which changed then and has no page.
// Parameters: source (its id), at, rows [{from, to, type, confidence, extractor, page, chunk, boxes}].
// Result: none.
UNWIND $rows AS row
MATCH (a:Entity {organizationId: $organizationId, id: row.from})
MATCH (b:Entity {organizationId: $organizationId, id: row.to})
CREATE (a)-[r:RELATED {organizationId: $organizationId, type: row.type, source: $source, at: $at, confidence: row.confidence, extractor: row.extractor, page: row.page, chunk: row.chunk, boxes: row.boxes}]->(b)
