// Removes those of the given entities that have no source left: no document mentions them, they are no record, and lead to none.
// The number of documents is asked for in a form that no index answers: the entities are given, and one that lists all that no document
// mentions would be read in place of theirs.
// Parameters: ids.
// Result: none.
UNWIND $ids AS id
MATCH (e:Entity {organizationId: $organizationId, id: id})
WHERE coalesce(e.documents, 0) = 0 AND e.recordId IS NULL AND NOT EXISTS {
  MATCH (e)-[r:RELATED {organizationId: $organizationId}]->(x:Entity {organizationId: $organizationId})
  WHERE r.source = x.id
}
DETACH DELETE e
