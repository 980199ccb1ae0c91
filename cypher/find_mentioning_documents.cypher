// The documents that mention an entity most, the latest first among equals, with where they do.
// Parameters: id, since and until (of when documents came in, or null), limit.
// Result: documentId, mentions (that the document has in all), pages and chunks (that name the entity), documents (beyond the limit too).
MATCH (e:Entity {organizationId: $organizationId, id: $id})<-[m:MENTIONS {organizationId: $organizationId}]-(d:Document {organizationId: $organizationId})
WHERE ($since IS NULL OR d.at >= $since) AND ($until IS NULL OR d.at < $until)
WITH d, m ORDER BY m.count DESC, d.id DESC
WITH collect({documentId: d.id, mentions: d.mentions, pages: m.pages, chunks: m.chunks}) AS found
WITH found, size(found) AS total
UNWIND found[0..$limit] AS row
RETURN row.documentId AS documentId, row.mentions AS mentions, row.pages AS pages, row.chunks AS chunks, total AS documents
