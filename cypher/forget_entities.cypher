// Removes entities with their relations.
// Parameters: ids.
// Result: none.
UNWIND $ids AS id
MATCH (e:Entity {organizationId: $organizationId, id: id})
DETACH DELETE e
