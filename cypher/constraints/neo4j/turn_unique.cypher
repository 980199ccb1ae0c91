// One turn per organisation: the node that writers of an organisation take one after the other.
CREATE CONSTRAINT turn_unique IF NOT EXISTS FOR (t:Turn) REQUIRE (t.organizationId) IS UNIQUE
