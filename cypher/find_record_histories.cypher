// What happened to the record that an entity is, and to the records it leads to; those that changed last.
// Parameters: id, limit.
// Result: recordEntityId, history.
MATCH (e:Entity {organizationId: $organizationId, id: $id})
OPTIONAL MATCH (e)-[r:RELATED {organizationId: $organizationId}]->(x:Entity {organizationId: $organizationId})
WITH e, collect(x) AS others
UNWIND others + [e] AS record
WITH DISTINCT record
WHERE record.recordId IS NOT NULL
RETURN record.id AS recordEntityId, coalesce(record.history, []) AS history
ORDER BY history[-1] DESC, recordEntityId
LIMIT $limit
