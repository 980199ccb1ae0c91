// What documents and records state of an entity and others, the latest first.
// Parameters: id, since and until (or null), at and tie (of the entry to continue after; at is null on the first page), limit.
// Result: at, tie, source, type, otherId, outgoing (whether it starts at the entity), page, chunk, boxes, confidence, extractor.
MATCH (e:Entity {organizationId: $organizationId, id: $id})-[r:RELATED {organizationId: $organizationId}]-(x:Entity {organizationId: $organizationId})
WITH r, x, r.source + ' 1 ' + r.type + ' ' + x.id AS tie, startNode(r).id = $id AS outgoing
WHERE ($since IS NULL OR r.at >= $since) AND ($until IS NULL OR r.at < $until) AND ($at IS NULL OR r.at < $at OR (r.at = $at AND tie < $tie))
RETURN r.at AS at, tie, r.source AS source, r.type AS type, x.id AS otherId, outgoing, r.page AS page, r.chunk AS chunk, r.boxes AS boxes, r.confidence AS confidence, r.extractor AS extractor
ORDER BY at DESC, tie DESC
LIMIT $limit
