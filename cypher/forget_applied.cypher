// Forgets how far consumers have fed this engine, so that they begin anew.
// Parameters: none.
// Result: none.
MATCH (a:Applied {organizationId: $organizationId})
WHERE a.consumer > ''
DELETE a
