// Documents by id, the next $limit. Sorted before their properties are read: ten times as fast on Grafeo.
// Parameters: after (the id before, or an empty text), limit.
// Result: id, at, mentions.
MATCH (d:Document {organizationId: $organizationId})
WHERE d.id > $after
WITH d ORDER BY d.id LIMIT $limit
RETURN d.id AS id, d.at AS at, d.mentions AS mentions
ORDER BY id
