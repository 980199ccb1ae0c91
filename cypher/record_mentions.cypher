// Adds mentions of entities that exist. Plain CREATE: the document's former mentions are removed before, in the same transaction, and a
// MERGE would read all of the document's mentions again for each new one.
// Parameters: documentId, rows [{id, relation (WRITTEN_BY, ABOUT or MENTIONS), count, confidence, page, extractor}].
// Result: none.
UNWIND $rows AS row
MATCH (d:Document {organizationId: $organizationId, id: $documentId})
MATCH (e:Entity {organizationId: $organizationId, id: row.id})
CREATE (d)-[m:MENTIONS {organizationId: $organizationId, relation: row.relation, count: row.count, confidence: row.confidence, page: row.page, extractor: row.extractor}]->(e)
