// Entities by type and by what is in their folded names and key, the best known first. Every entity has a number of documents;
// asking for it lets an engine take an index that begins with the organisation.
// Parameters: types (or null), search (folded, or null), compact (letters and digits of it, or null), offset, limit.
// Result: id, type, kind, key, name, aliases, documents, recordType, recordId.
MATCH (e:Entity {organizationId: $organizationId})
WHERE e.documents >= 0 AND ($types IS NULL OR e.type IN $types) AND ($search IS NULL OR e.search CONTAINS $search OR e.search CONTAINS $compact)
RETURN e.id AS id, e.type AS type, e.kind AS kind, e.key AS key, e.name AS name, e.aliases AS aliases, e.documents AS documents, e.recordType AS recordType, e.recordId AS recordId
ORDER BY e.documents DESC, e.name, e.id
SKIP $offset LIMIT $limit
