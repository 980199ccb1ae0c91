// Entities by id, in no order.
// Parameters: ids.
// Result: id, type, kind, key, name, aliases, documents, recordType, recordId.
UNWIND $ids AS id
MATCH (e:Entity {organizationId: $organizationId, id: id})
RETURN e.id AS id, e.type AS type, e.kind AS kind, e.key AS key, e.name AS name, e.aliases AS aliases, e.documents AS documents, e.recordType AS recordType, e.recordId AS recordId
