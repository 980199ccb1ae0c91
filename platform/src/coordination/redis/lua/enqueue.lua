-- A waiter enters, and those whose turn it is get a lease. Answers ids and tokens of all that runs.
-- ARGV: id, row as JSON {organizationId, userId, task, model, weight, priority}, age in milliseconds.
local id, waiter, age = ARGV[6], cjson.decode(ARGV[7]), tonumber(ARGV[8])
local settled = enter()
local changed = dropExpired()
local leases = allOf(LEASES)
if not (leases[id] or redis.call('HEXISTS', WAITERS, id) == 1 or redis.call('ZSCORE', CANCELLED, id)) then
  changed = true
  waiter.queuedAt = now - age
  waiter.position = redis.call('HINCRBY', STATE, 'position', 1)
  waiter.token = whole(tonumber(redis.call('HGET', STATE, 'token') or 0))
  redis.call('HSET', WAITERS, id, cjson.encode(waiter))
  redis.call('ZADD', WEIGHTS, waiter.weight, id)
  prolong(id)
end
local news = advance(leases, settled)
if changed or #news > 0 then
  tell(news)
end
return listOf(leases)
