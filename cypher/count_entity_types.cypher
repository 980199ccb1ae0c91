// Entities by what they are, at most $cap of them.
// Parameters: cap.
// Result: type, count.
MATCH (e:Entity {organizationId: $organizationId})
WHERE e.id > ''
WITH e LIMIT $cap
WITH e.type AS type, count(e) AS count
RETURN type, count
ORDER BY count DESC, type
