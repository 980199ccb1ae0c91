// Companies with the numbers that identify them, how many sources say so, and the surest of these.
// Parameters: kind (such as SIREN, or null for all), limit.
// Result: company, kind, number, sources, confidence.
MATCH (n:Entity {organizationId: $organizationId, type: 'IDENTIFIER'})-[r:RELATED {organizationId: $organizationId, type: 'IDENTIFIES'}]->(c:Entity {organizationId: $organizationId, type: 'ORGANIZATION'})
WHERE $kind IS NULL OR n.kind = $kind
WITH c.name AS company, n.kind AS kind, n.name AS number, count(r) AS sources, max(r.confidence) AS confidence
RETURN company, kind, number, sources, confidence
ORDER BY company, kind, number
LIMIT $limit
