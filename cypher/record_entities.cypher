// Creates the entities that are not there yet. A known entity keeps its name; another printed name becomes an alias, at most $maxAliases.
// `search` is the folded text by which find_entities finds it.
// Parameters: rows [{id, type, kind, key, name, search}], maxAliases.
// Result: none.
UNWIND $rows AS row
MERGE (e:Entity {organizationId: $organizationId, id: row.id})
ON CREATE SET e.type = row.type, e.kind = row.kind, e.key = row.key, e.name = row.name, e.aliases = [], e.search = row.search, e.documents = 0
ON MATCH SET
  e.search = CASE WHEN row.name = e.name OR row.name IN e.aliases OR size(e.aliases) >= $maxAliases THEN e.search ELSE e.search + row.search END,
  e.aliases = CASE WHEN row.name = e.name OR row.name IN e.aliases OR size(e.aliases) >= $maxAliases THEN e.aliases ELSE e.aliases + [row.name] END
