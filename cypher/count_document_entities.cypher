// How many entities find_document_entities would find without its page.
// Parameters: documentId, types (or null).
// Result: count.
MATCH (d:Document {organizationId: $organizationId, id: $documentId})-[m:MENTIONS {organizationId: $organizationId}]->(e:Entity {organizationId: $organizationId})
WHERE $types IS NULL OR e.type IN $types
RETURN count(e) AS count
