-- The request in whose name it happened, and the span that was open then ({"requestId", "traceparent"}), so that what follows from a fact can be
-- found under the same id. Null for what the house does by itself.
alter table platform.fact add column origin jsonb;
