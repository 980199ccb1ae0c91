// Documents by the month in which they came in, at most $cap of them.
// Parameters: cap.
// Result: month, documents, mentions (entities that they name, of each added up), bare (documents that name none).
MATCH (d:Document {organizationId: $organizationId})
WHERE d.id > ''
WITH d LIMIT $cap
WITH substring(d.at, 0, 7) AS month, count(d) AS documents, sum(d.mentions) AS mentions, sum(CASE WHEN d.mentions = 0 THEN 1 ELSE 0 END) AS bare
RETURN month, documents, mentions, bare
ORDER BY month
