// One entity per organisation and id, however many write it at once. Its index finds entities by both, and lists those of an organisation for a
// verb that asks for an id above some other. An index on the organisation alone would be taken for lookups by id while the graph is small.
CREATE CONSTRAINT entity_unique IF NOT EXISTS FOR (e:Entity) REQUIRE (e.organizationId, e.id) IS UNIQUE
