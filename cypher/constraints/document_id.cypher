// Documents are always looked up by id first; the organisation is then checked on the one row found.
CREATE INDEX document_id IF NOT EXISTS FOR (d:Document) ON (d.id)
