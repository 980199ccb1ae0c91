// Removes those of the given entities that have no source left: no document mentions them, they are no record, and lead to none.
// Parameters: ids.
// Result: none.
UNWIND $ids AS id
MATCH (e:Entity {organizationId: $organizationId, id: id})
WHERE e.documents = 0 AND e.recordId IS NULL AND NOT EXISTS {
  MATCH (e)-[r:RELATED {organizationId: $organizationId}]->(x:Entity {organizationId: $organizationId})
  WHERE r.source = x.id
}
DETACH DELETE e
