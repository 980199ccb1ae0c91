// The version of a document's mentions that the graph holds.
// Parameters: documentId.
// Result: version; no row when the graph does not know the document.
MATCH (d:Document {organizationId: $organizationId, id: $documentId})
RETURN d.version AS version
