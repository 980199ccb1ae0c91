// Notes that a document exists, when it came in, which version of its mentions is in the graph and how many they are.
// Parameters: documentId, version, at, mentions.
// Result: none.
MERGE (d:Document {organizationId: $organizationId, id: $documentId})
SET d.version = $version, d.at = $at, d.mentions = $mentions
