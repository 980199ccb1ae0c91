// What the given documents of an entity mention besides it, with how many of them do so on a page, and in a passage, that names both.
// Parameters: id, rows [{documentId, pages, chunks (that name the entity)}], types (or null), limit.
// Result: id, documents, pages, passages.
UNWIND $rows AS row
MATCH (d:Document {organizationId: $organizationId, id: row.documentId})-[m:MENTIONS {organizationId: $organizationId}]->(e:Entity {organizationId: $organizationId})
WHERE coalesce(e.id, '') <> $id AND ($types IS NULL OR e.type IN $types)
WITH e.id AS id, count(d) AS documents,
  sum(CASE WHEN size([page IN m.pages WHERE page IN row.pages]) > 0 THEN 1 ELSE 0 END) AS pages,
  sum(CASE WHEN size([chunk IN m.chunks WHERE chunk IN row.chunks]) > 0 THEN 1 ELSE 0 END) AS passages
RETURN id, documents, pages, passages
ORDER BY documents DESC, passages DESC, id
LIMIT $limit
