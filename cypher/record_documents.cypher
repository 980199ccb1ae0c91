// Notes that documents exist, when they came in, which version of their mentions is in the graph and how many they are.
// Parameters: rows [{documentId, version, at, mentions}].
// Result: none.
UNWIND $rows AS row
MERGE (d:Document {organizationId: $organizationId, id: row.documentId})
SET d.version = row.version, d.at = row.at, d.mentions = row.mentions
