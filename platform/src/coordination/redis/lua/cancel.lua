-- A call is marked as cancelled, if it is the organisation's: a waiter is out at once, a lease keeps its room until its process gives it back.
-- The mark outlives a process that stalls, for it enters again what it does not find.
-- ARGV: id, organisation as it is in rows. Answers 1, or 0 when there is no such call.
local id, organizationId = ARGV[6], ARGV[7]
local waits = redis.call('HGET', WAITERS, id)
local row = waits or redis.call('HGET', LEASES, id)
if not row or string.match(row, '^[%d ]+ %l+ (%S*) ') ~= organizationId then
  return 0
end
if waits then
  drop(id)
end
redis.call('ZADD', CANCELLED, now + 2 * LEASE_MS, id)
keep({ id, '-' })
return 1
