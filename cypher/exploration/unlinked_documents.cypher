// Documents that name no record of the organisation, neither itself nor a number or name that leads to one: work that nobody has in the books.
// Parameters: limit.
// Result: document, at, mentions (entities that it names).
MATCH (d:Document {organizationId: $organizationId})
OPTIONAL MATCH (d)-[m:MENTIONS {organizationId: $organizationId}]->(e:Entity {organizationId: $organizationId})-[r:RELATED {organizationId: $organizationId}]->(x:Entity {organizationId: $organizationId})
WHERE x.recordId IS NOT NULL
WITH d, count(x) AS records
WHERE records = 0
RETURN d.id AS document, d.at AS at, d.mentions AS mentions
ORDER BY at DESC, document DESC
LIMIT $limit
