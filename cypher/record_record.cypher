// Puts an operational record behind an entity that exists; a record's own name replaces what the entity was called. What happened to the record
// is added to its history, once, the latest $maxHistory of it.
// Parameters: id, name, search, recordType, recordId, change (moment and what happened), maxHistory.
// Result: none.
MATCH (e:Entity {organizationId: $organizationId, id: $id})
WITH e, coalesce(e.history, []) AS history
SET e.name = $name, e.search = $search, e.aliases = [], e.recordType = $recordType, e.recordId = $recordId,
  e.history = CASE
    WHEN $change IN history THEN history
    WHEN size(history) >= $maxHistory THEN history[1..$maxHistory] + [$change]
    ELSE history + [$change] END
