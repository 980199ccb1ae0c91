// What states each of the given relations, the latest first, at most $limit each.
// Parameters: rows [{index, from, to, type}], limit.
// Result: index, source (a document's id, or a RECORD entity's), at, page, chunk, boxes, confidence, extractor.
UNWIND $rows AS row
MATCH (a:Entity {organizationId: $organizationId, id: row.from})-[r:RELATED {organizationId: $organizationId}]-(b:Entity {organizationId: $organizationId, id: row.to})
WHERE r.type = row.type
WITH row, r ORDER BY r.at DESC, r.source DESC
WITH row.index AS index, collect({source: r.source, at: r.at, page: r.page, chunk: r.chunk, boxes: r.boxes, confidence: r.confidence, extractor: r.extractor}) AS found
UNWIND found[0..$limit] AS said
RETURN index, said.source AS source, said.at AS at, said.page AS page, said.chunk AS chunk, said.boxes AS boxes, said.confidence AS confidence, said.extractor AS extractor
