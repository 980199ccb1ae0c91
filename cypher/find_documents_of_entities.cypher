// For each entity the documents that mention it most, the latest first among equals, at most $perEntity of them.
// Parameters: ids, perEntity, since and until (of when documents came in, or null).
// Result: entityId, documentId, mentions (of the document, all entities together), documents (of the entity, beyond $perEntity too).
UNWIND $ids AS id
MATCH (e:Entity {organizationId: $organizationId, id: id})<-[m:MENTIONS {organizationId: $organizationId}]-(d:Document {organizationId: $organizationId})
WHERE ($since IS NULL OR d.at >= $since) AND ($until IS NULL OR d.at < $until)
WITH e, d, m ORDER BY m.count DESC, d.id DESC
WITH e, collect(d) AS documents
WITH e, documents, size(documents) AS total
UNWIND documents[0..$perEntity] AS d
RETURN e.id AS entityId, d.id AS documentId, d.mentions AS mentions, total AS documents
