// Adds relations between entities that exist, as one source states them. Former ones of the source are removed before, in the same transaction.
// Parameters: source (a document's id, or a RECORD entity's), rows [{from, to, type, confidence}].
// Result: none.
UNWIND $rows AS row
MATCH (a:Entity {organizationId: $organizationId, id: row.from})
MATCH (b:Entity {organizationId: $organizationId, id: row.to})
CREATE (a)-[r:RELATED {organizationId: $organizationId, type: row.type, source: $source, confidence: row.confidence}]->(b)
