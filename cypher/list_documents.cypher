// Documents by id, the next $limit.
// Parameters: after (the id before, or an empty text), limit.
// Result: id, at, mentions.
MATCH (d:Document {organizationId: $organizationId})
WHERE d.id > $after
RETURN d.id AS id, d.at AS at, d.mentions AS mentions
ORDER BY id
LIMIT $limit
