// The documents that mention both of two entities, the latest first, at most $limit for each pair; of those of the first, $sample are looked through.
// Parameters: rows [{index, from (the one in fewer documents), to}], sample, limit.
// Result: index, documentId, at, and of each end page, pages, chunks, boxes, confidence, extractor.
UNWIND $rows AS row
MATCH (a:Entity {organizationId: $organizationId, id: row.from})<-[m:MENTIONS {organizationId: $organizationId}]-(d:Document {organizationId: $organizationId})
WITH row, d, m ORDER BY d.at DESC, d.id DESC
WITH row, collect({d: d, m: m}) AS latest
UNWIND latest[0..$sample] AS each
WITH row, each.d AS d, each.m AS m
MATCH (d:Document {organizationId: $organizationId})-[n:MENTIONS {organizationId: $organizationId}]->(b:Entity {organizationId: $organizationId, id: row.to})
WITH row, d, m, n ORDER BY d.at DESC, d.id DESC
WITH row.index AS index, collect({id: d.id, at: d.at, fromPage: m.page, fromPages: m.pages, fromChunks: m.chunks, fromBoxes: m.boxes, fromConfidence: m.confidence, fromExtractor: m.extractor, toPages: n.pages, toChunks: n.chunks, toBoxes: n.boxes, toConfidence: n.confidence, toExtractor: n.extractor}) AS found
UNWIND found[0..$limit] AS said
RETURN index, said.id AS documentId, said.at AS at, said.fromPage AS fromPage, said.fromPages AS fromPages, said.fromChunks AS fromChunks, said.fromBoxes AS fromBoxes, said.fromConfidence AS fromConfidence, said.fromExtractor AS fromExtractor, said.toPages AS toPages, said.toChunks AS toChunks, said.toBoxes AS toBoxes, said.toConfidence AS toConfidence, said.toExtractor AS toExtractor
