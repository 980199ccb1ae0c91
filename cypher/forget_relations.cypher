// Removes the relations that one source states, where they start from the given entities.
// Parameters: source, ids.
// Result: none.
UNWIND $ids AS id
MATCH (a:Entity {organizationId: $organizationId, id: id})-[r:RELATED {organizationId: $organizationId}]->(b:Entity {organizationId: $organizationId})
WHERE r.source = $source
DELETE r
