// The ids of every entity that documents mention.
// Parameters: ids (of the documents).
// Result: documentId, id.
UNWIND $ids AS documentId
MATCH (d:Document {organizationId: $organizationId, id: documentId})-[m:MENTIONS {organizationId: $organizationId}]->(e:Entity {organizationId: $organizationId})
RETURN d.id AS documentId, e.id AS id
