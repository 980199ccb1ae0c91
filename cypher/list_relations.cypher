// The relations stated from the given entities, in no order.
// Parameters: ids.
// Result: from, to, type, source, at, page, confidence, extractor.
UNWIND $ids AS id
MATCH (a:Entity {organizationId: $organizationId, id: id})-[r:RELATED {organizationId: $organizationId}]->(b:Entity {organizationId: $organizationId})
RETURN a.id AS from, b.id AS to, r.type AS type, r.source AS source, r.at AS at, r.page AS page, r.confidence AS confidence, r.extractor AS extractor
