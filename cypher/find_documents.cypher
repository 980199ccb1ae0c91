// Which version of documents is in the graph.
// Parameters: ids.
// Result: documentId, version; no row for what is not there.
UNWIND $ids AS id
MATCH (d:Document {organizationId: $organizationId, id: id})
RETURN d.id AS documentId, d.version AS version
