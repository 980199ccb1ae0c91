// How many documents the graph knows.
// Parameters: none.
// Result: count.
MATCH (d:Document {organizationId: $organizationId})
WHERE d.id > ''
RETURN count(d) AS count
