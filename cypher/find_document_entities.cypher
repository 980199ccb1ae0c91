// The entities a document mentions, the most mentioned first.
// Parameters: documentId, types (or null), offset, limit.
// Result: id, type, kind, key, name, aliases, documents, recordType, recordId.
MATCH (d:Document {organizationId: $organizationId, id: $documentId})-[m:MENTIONS {organizationId: $organizationId}]->(e:Entity {organizationId: $organizationId})
WHERE $types IS NULL OR e.type IN $types
RETURN e.id AS id, e.type AS type, e.kind AS kind, e.key AS key, e.name AS name, e.aliases AS aliases, e.documents AS documents, e.recordType AS recordType, e.recordId AS recordId
ORDER BY m.count DESC, e.name, e.id
SKIP $offset LIMIT $limit
