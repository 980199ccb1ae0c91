// Entities by id, the next $limit. Sorted before their properties are read: ten times as fast on Grafeo.
// Parameters: after (the id before, or an empty text), limit.
// Result: id, type, kind, key, name, aliases, documents, recordType, recordId.
MATCH (e:Entity {organizationId: $organizationId})
WHERE e.id > $after
WITH e ORDER BY e.id LIMIT $limit
RETURN e.id AS id, e.type AS type, e.kind AS kind, e.key AS key, e.name AS name, e.aliases AS aliases, e.documents AS documents, e.recordType AS recordType, e.recordId AS recordId
ORDER BY id
