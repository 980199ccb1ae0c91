// The ids of every entity a document mentions.
// Parameters: documentId.
// Result: id.
MATCH (d:Document {organizationId: $organizationId, id: $documentId})-[m:MENTIONS {organizationId: $organizationId}]->(e:Entity {organizationId: $organizationId})
RETURN e.id AS id
