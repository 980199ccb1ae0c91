// Remembers how far in the fact log a consumer has fed this engine.
// Parameters: consumer, position.
// Result: none.
MERGE (a:Applied {organizationId: $organizationId, consumer: $consumer})
SET a.position = $position
