// Numbers that identify more than one name: the same company printed in two ways, a group that shares one, or a mistake.
// Parameters: limit.
// Result: kind, number, names, count.
MATCH (n:Entity {organizationId: $organizationId, type: 'IDENTIFIER'})-[r:RELATED {organizationId: $organizationId, type: 'IDENTIFIES'}]->(x:Entity {organizationId: $organizationId})
WHERE x.recordId IS NULL
WITH DISTINCT n, x.name AS name
ORDER BY name
WITH n, collect(name) AS names
WHERE size(names) > 1
RETURN n.kind AS kind, n.name AS number, names, size(names) AS count
ORDER BY count DESC, number
LIMIT $limit
