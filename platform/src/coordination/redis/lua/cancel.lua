-- A call is marked as cancelled, if it is the organisation's: a waiter is out at once, a lease keeps its room until its process gives it back.
-- The mark outlives a process that stalls, for it enters again what it does not find.
-- ARGV: id, organisation. Answers 1, or 0 when there is no such call.
local id, organizationId = ARGV[6], ARGV[7]
enter()
local row = redis.call('HGET', WAITERS, id) or redis.call('HGET', LEASES, id)
if not row or cjson.decode(row).organizationId ~= organizationId then
  return 0
end
if redis.call('HEXISTS', WAITERS, id) == 1 then
  drop(id)
end
redis.call('ZADD', CANCELLED, whole(now + 2 * LEASE_MS), id)
tell({ id, '-' })
return 1
