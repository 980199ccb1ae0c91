// The mentions of the given documents, in no order.
// Parameters: ids.
// Result: documentId, entityId, relation, count, page, confidence, extractor.
UNWIND $ids AS id
MATCH (d:Document {organizationId: $organizationId, id: id})-[m:MENTIONS {organizationId: $organizationId}]->(e:Entity {organizationId: $organizationId})
RETURN d.id AS documentId, e.id AS entityId, m.relation AS relation, m.count AS count, m.page AS page, m.confidence AS confidence, m.extractor AS extractor
