// The documents that mention an entity, those that came in last first.
// Parameters: id, since and until (or null), at and tie (of the entry to continue after; at is null on the first page), limit.
// Result: at, tie, documentId, relation, count, page, chunk, boxes, confidence, extractor.
MATCH (e:Entity {organizationId: $organizationId, id: $id})<-[m:MENTIONS {organizationId: $organizationId}]-(d:Document {organizationId: $organizationId})
WHERE ($since IS NULL OR d.at >= $since) AND ($until IS NULL OR d.at < $until)
  AND ($at IS NULL OR d.at < $at OR (d.at = $at AND d.id + ' 2' < $tie))
WITH d, m ORDER BY d.at DESC, d.id DESC
LIMIT $limit
RETURN d.at AS at, d.id + ' 2' AS tie, d.id AS documentId, m.relation AS relation, m.count AS count, m.page AS page, m.chunk AS chunk, m.boxes AS boxes, m.confidence AS confidence, m.extractor AS extractor
