// What the given documents mention besides the entity each is given for; the more documents in common, the earlier.
// Parameters: pairs [{entityId, documentId}], types (or null), among (ids to keep, or null), limit.
// Result: from, to, weight (documents in common among the given ones).
UNWIND $pairs AS pair
MATCH (d:Document {organizationId: $organizationId, id: pair.documentId})-[m:MENTIONS {organizationId: $organizationId}]->(e:Entity {organizationId: $organizationId})
WHERE coalesce(e.id, '') <> pair.entityId AND ($types IS NULL OR e.type IN $types) AND ($among IS NULL OR e.id IN $among)
WITH pair.entityId AS from, e.id AS to, count(d) AS weight
RETURN from, to, weight
ORDER BY weight DESC, from, to
LIMIT $limit
