// Removes every mention of documents; the entities stay, for forget_orphans to judge.
// Parameters: ids (of the documents).
// Result: none.
UNWIND $ids AS id
MATCH (d:Document {organizationId: $organizationId, id: id})-[m:MENTIONS {organizationId: $organizationId}]->(e:Entity {organizationId: $organizationId})
DELETE m
