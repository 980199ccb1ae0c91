// Who and what most documents name.
// Parameters: type (such as ORGANIZATION, or null for all), limit.
// Result: name, type, kind, documents, relations (that are stated of it).
MATCH (e:Entity {organizationId: $organizationId})
WHERE $type IS NULL OR e.type = $type
WITH e ORDER BY e.documents DESC, e.name LIMIT $limit
OPTIONAL MATCH (e)-[r:RELATED {organizationId: $organizationId}]-(x:Entity {organizationId: $organizationId})
WITH e, count(r) AS relations
RETURN e.name AS name, e.type AS type, e.kind AS kind, e.documents AS documents, relations
ORDER BY documents DESC, name
