// Entities are always looked up by id first; the organisation is then checked on the one row found. There must be no index on
// organizationId, for no label: Grafeo's are by property name alone, and its planner would take it here and read the whole organisation.
CREATE INDEX entity_id IF NOT EXISTS FOR (e:Entity) ON (e.id)
