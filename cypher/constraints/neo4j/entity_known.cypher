// The entities of an organisation, the best known first. An index on the organisation alone would be taken in place of the one on id while the
// graph is small; this one serves only a verb that asks for `documents` too.
CREATE INDEX entity_known IF NOT EXISTS FOR (e:Entity) ON (e.organizationId, e.documents)
