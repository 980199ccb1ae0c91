// The relations stated between the given entities and others, whichever end they are; the more sources state one, the earlier.
// Parameters: ids, types and among (types and ids of the other end), relations (their types), since and until (of their sources), limit; or null.
// Result: id (the given end), from, to, type, weight (sources that state it).
UNWIND $ids AS id
MATCH (e:Entity {organizationId: $organizationId, id: id})-[r:RELATED {organizationId: $organizationId}]-(x:Entity {organizationId: $organizationId})
WHERE coalesce(x.id, '') <> e.id AND ($types IS NULL OR x.type IN $types) AND ($among IS NULL OR x.id IN $among) AND ($relations IS NULL OR r.type IN $relations)
  AND ($since IS NULL OR r.at >= $since) AND ($until IS NULL OR r.at < $until)
WITH e.id AS id, startNode(r).id AS from, endNode(r).id AS to, r.type AS type, count(r) AS weight
RETURN id, from, to, type, weight
ORDER BY weight DESC, from, to, type, id
LIMIT $limit
