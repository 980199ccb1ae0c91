// Removes every mention of a document; the entities stay, for forget_orphans to judge.
// Parameters: documentId.
// Result: none.
MATCH (d:Document {organizationId: $organizationId, id: $documentId})-[m:MENTIONS {organizationId: $organizationId}]->(e:Entity {organizationId: $organizationId})
DELETE m
