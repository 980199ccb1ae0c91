-- The common case first: nobody waits and there is room.
-- ARGV: id, priority and organisation, weight, age in milliseconds, row.
local state = redis.call('HMGET', STATE, 'run', 'queued', 'settled', 'used', 'token')
if state[1] == RUN and state[2] == '0' and now >= tonumber(state[3]) and state[4] + ARGV[8] <= CAPACITY then
  local token = string.format('%.0f', math.max((state[5] or 0) + 1, microseconds))
  local since = string.format('%.0f', now)
  if redis.call('HSETNX', LEASES, ARGV[6], token .. ' ' .. since .. ' ' .. ARGV[10]) == 1 then
    redis.call('HSET', STATE, 'token', token, 'used', state[4] + ARGV[8], ARGV[7], since)
    redis.call('ZADD', EXPIRY, since + LEASE_MS, ARGV[6])
    redis.call('PUBLISH', CHANGES, HOLDER)
    return { ARGV[6], token }
  end
end
