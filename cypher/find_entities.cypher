// Entities by type and by what is in their folded names and key, the best known first. Every id is above the empty one;
// asking for that lets an engine take its index of the organisation's ids.
// Parameters: types (or null), search (folded, or null), compact (letters and digits of it, or null), offset, limit.
// Result: id, type, kind, key, name, aliases, documents, recordType, recordId.
MATCH (e:Entity {organizationId: $organizationId})
WHERE e.id > '' AND ($types IS NULL OR e.type IN $types) AND ($search IS NULL OR e.search CONTAINS $search OR e.search CONTAINS $compact)
RETURN e.id AS id, e.type AS type, e.kind AS kind, e.key AS key, e.name AS name, e.aliases AS aliases, e.documents AS documents, e.recordType AS recordType, e.recordId AS recordId
ORDER BY e.documents DESC, e.name, e.id
SKIP $offset LIMIT $limit
