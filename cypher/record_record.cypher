// Puts an operational record behind an entity that exists; a record's own name replaces what the entity was called.
// Parameters: id, name, search, recordType, recordId.
// Result: none.
MATCH (e:Entity {organizationId: $organizationId, id: $id})
SET e.name = $name, e.search = $search, e.aliases = [], e.recordType = $recordType, e.recordId = $recordId
