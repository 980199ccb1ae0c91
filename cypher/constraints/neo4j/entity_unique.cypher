// One entity per organisation and id, however many write it at once; entities are found by both, so this is their index too.
CREATE CONSTRAINT entity_unique IF NOT EXISTS FOR (e:Entity) REQUIRE (e.id, e.organizationId) IS UNIQUE
