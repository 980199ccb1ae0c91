// Notes that a document exists, which version of its mentions is in the graph and how many they are.
// Parameters: documentId, version, mentions.
// Result: none.
MERGE (d:Document {organizationId: $organizationId, id: $documentId})
SET d.version = $version, d.mentions = $mentions
