// Removes the relations that sources state, where they start from the given entities.
// Parameters: rows [{source, id}].
// Result: none.
UNWIND $rows AS row
MATCH (a:Entity {organizationId: $organizationId, id: row.id})-[r:RELATED {organizationId: $organizationId}]->(b:Entity {organizationId: $organizationId})
WHERE r.source = row.source
DELETE r
