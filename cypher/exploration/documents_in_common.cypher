// The documents that name both of two entities, the latest first.
// Parameters: from, to (ids of entities), limit.
// Result: document, at, fromPage, toPage, together (whether a passage names both).
MATCH (a:Entity {organizationId: $organizationId, id: $from})<-[m:MENTIONS {organizationId: $organizationId}]-(d:Document {organizationId: $organizationId})-[n:MENTIONS {organizationId: $organizationId}]->(b:Entity {organizationId: $organizationId, id: $to})
RETURN d.id AS document, d.at AS at, m.page AS fromPage, n.page AS toPage, size([chunk IN m.chunks WHERE chunk IN n.chunks]) > 0 AS together
ORDER BY at DESC, document DESC
LIMIT $limit
