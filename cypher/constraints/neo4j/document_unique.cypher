// One document per organisation and id; its index finds documents by both, and lists those of an organisation as that of entities does.
CREATE CONSTRAINT document_unique IF NOT EXISTS FOR (d:Document) REQUIRE (d.organizationId, d.id) IS UNIQUE
