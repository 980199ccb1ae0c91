// Takes the operational record away from its entity; forget_orphans then judges whether the entity stays.
// Parameters: id.
// Result: none.
MATCH (e:Entity {organizationId: $organizationId, id: $id})
REMOVE e.recordType, e.recordId, e.history
