// How far in the fact log a consumer has fed this engine.
// Parameters: consumer.
// Result: position; no row when it never did.
MATCH (a:Applied {organizationId: $organizationId, consumer: $consumer})
RETURN a.position AS position
