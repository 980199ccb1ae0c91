// Stated relations by type, at most $cap of them; what two sources state counts twice.
// Parameters: cap.
// Result: type, count.
MATCH (a:Entity {organizationId: $organizationId})-[r:RELATED {organizationId: $organizationId}]->(b:Entity {organizationId: $organizationId})
WHERE a.id > ''
WITH r LIMIT $cap
WITH r.type AS type, count(r) AS count
RETURN type, count
ORDER BY count DESC, type
