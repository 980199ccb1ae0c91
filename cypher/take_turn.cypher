// Makes the writers of one organisation wait for each other, whichever process they are in: the turn is held until the end of the
// transaction. For engines that let several transactions write at once.
// Parameters: none.
// Result: none.
MERGE (t:Turn {organizationId: $organizationId})
SET t.taken = true
