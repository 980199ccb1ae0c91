// Adds to the number of documents that mention each entity; kept on the entity, for counting a town's 10,000 documents at each read is slow.
// Parameters: rows [{id, change}].
// Result: none.
UNWIND $rows AS row
MATCH (e:Entity {organizationId: $organizationId, id: row.id})
SET e.documents = e.documents + row.change
