// One document per organisation and id; documents are found by both, so this is their index too.
CREATE CONSTRAINT document_unique IF NOT EXISTS FOR (d:Document) REQUIRE (d.id, d.organizationId) IS UNIQUE
