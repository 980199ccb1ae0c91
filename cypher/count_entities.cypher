// How many entities find_entities would find without its page.
// Parameters: types (or null), search (folded, or null), compact (letters and digits of it, or null).
// Result: count.
MATCH (e:Entity {organizationId: $organizationId})
WHERE e.id > '' AND ($types IS NULL OR e.type IN $types) AND ($search IS NULL OR e.search CONTAINS $search OR e.search CONTAINS $compact)
RETURN count(e) AS count
