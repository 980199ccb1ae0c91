// Removes documents with their mentions.
// Parameters: ids.
// Result: none.
UNWIND $ids AS id
MATCH (d:Document {organizationId: $organizationId, id: id})
DETACH DELETE d
