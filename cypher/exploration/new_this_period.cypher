// What documents that came in from a moment on name, and none before did: new customers, new places, new topics.
// Parameters: since (ISO 8601 text in UTC), type (or null), limit.
// Result: name, type, first (when the first document that names it came in), documents.
MATCH (e:Entity {organizationId: $organizationId})<-[m:MENTIONS {organizationId: $organizationId}]-(d:Document {organizationId: $organizationId})
WHERE $type IS NULL OR e.type = $type
WITH e, min(d.at) AS first, count(d) AS documents
WHERE first >= $since
RETURN e.name AS name, e.type AS type, first, documents
ORDER BY documents DESC, first, name
LIMIT $limit
