// Removes a document with its mentions.
// Parameters: documentId.
// Result: none.
MATCH (d:Document {organizationId: $organizationId, id: $documentId})
DETACH DELETE d
