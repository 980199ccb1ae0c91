// The ids of the entities that lead to a record, as the record itself states them.
// Parameters: id (the RECORD entity's).
// Result: id.
MATCH (e:Entity {organizationId: $organizationId, id: $id})<-[r:RELATED {organizationId: $organizationId}]-(a:Entity {organizationId: $organizationId})
WHERE r.source = e.id
RETURN a.id AS id
