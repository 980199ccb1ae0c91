// How much documents say of an entity, by the month in which they came in.
// Parameters: id, since and until (or null).
// Result: month, documents, mentions.
MATCH (e:Entity {organizationId: $organizationId, id: $id})<-[m:MENTIONS {organizationId: $organizationId}]-(d:Document {organizationId: $organizationId})
WHERE ($since IS NULL OR d.at >= $since) AND ($until IS NULL OR d.at < $until)
WITH substring(d.at, 0, 7) AS month, count(d) AS documents, sum(m.count) AS mentions
RETURN month, documents, mentions
ORDER BY month
