-- A waiter enters, and those whose turn it is get a lease. Answers ids and tokens of the new leases; '-' in place of a token says that the call
-- was cancelled.
local id = ARGV[6]
local settled = enter()
local changed = dropExpired()
if redis.call('ZSCORE', CANCELLED, id) then
  local news = advance(settled, changed)
  news[#news + 1], news[#news + 2] = id, '-'
  return news
end
if redis.call('HEXISTS', LEASES, id) == 0 and redis.call('HEXISTS', WAITERS, id) == 0 then
  changed = true
  local token = whole(redis.call('HGET', STATE, 'token') or 0)
  local position = redis.call('HINCRBY', STATE, 'position', 1)
  redis.call('HSET', WAITERS, id, token .. ' ' .. whole(now - ARGV[9]) .. ' ' .. whole(position) .. ' ' .. ARGV[10])
  redis.call('ZADD', WEIGHTS, ARGV[8], id)
  prolong(id)
end
return advance(settled, changed)
