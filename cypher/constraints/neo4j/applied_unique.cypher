// One position per organisation and consumer.
CREATE CONSTRAINT applied_unique IF NOT EXISTS FOR (a:Applied) REQUIRE (a.organizationId, a.consumer) IS UNIQUE
