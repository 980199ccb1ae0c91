-- Turns older than this decide nothing any more, milliseconds.
local TURN_MEMORY = 3600000

local function whole(number)
  return string.format('%.0f', number)
end

-- A server that does not know its own run has lost its memory, or has an older one than it had: a restart, a fail-over, a flush. Whatever
-- it holds may be over, and others may hold what it has forgotten. So it forgets all of it and grants nothing until everyone who lives has
-- entered again, or has had to give up. Answers when that is.
local function enter()
  local known = redis.call('HMGET', STATE, 'run', 'settled')
  if known[1] == RUN then
    return tonumber(known[2])
  end
  local settled = now + SETTLE_MS
  redis.call('DEL', WAITERS, LEASES, EXPIRY, WEIGHTS)
  redis.call('HSET', STATE, 'run', RUN, 'settled', whole(settled), 'used', 0, 'queued', 0)
  return settled
end

-- The clock is in the token, so that it grows on even after a server that has forgotten the last ones.
local function nextToken(least)
  local token = math.max((redis.call('HGET', STATE, 'token') or 0) + 1, least)
  redis.call('HSET', STATE, 'token', whole(token))
  return whole(token)
end

local function used()
  return tonumber(redis.call('HGET', STATE, 'used'))
end

-- Answers how many there were under this id: 0 or 1.
local function drop(id)
  local row = redis.call('HGET', LEASES, id)
  if row then
    redis.call('HDEL', LEASES, id)
    redis.call('HINCRBY', STATE, 'used', '-' .. string.match(row, '^%d+ %d+ (%d+)'))
  end
  redis.call('ZREM', WEIGHTS, id)
  redis.call('ZREM', EXPIRY, id)
  return redis.call('HDEL', WAITERS, id) + (row and 1 or 0)
end

local function dropExpired()
  local gone = redis.call('ZRANGEBYSCORE', EXPIRY, '-inf', whole(now))
  for _, id in ipairs(gone) do
    drop(id)
  end
  return redis.call('ZREMRANGEBYSCORE', CANCELLED, '-inf', whole(now)) + #gone > 0
end

local function prolong(id)
  redis.call('ZADD', EXPIRY, whole(now + LEASE_MS), id)
end

-- A lease is its token, since when it runs, and the caller's row, which begins with the weight.
local function hold(id, token, weight, row)
  redis.call('HSET', LEASES, id, token .. ' ' .. whole(now) .. ' ' .. row)
  redis.call('HINCRBY', STATE, 'used', whole(weight))
end

-- Keeps the number of those for whose sake a step must look at everything.
local function count()
  redis.call('HSET', STATE, 'queued', redis.call('HLEN', WAITERS) + redis.call('ZCARD', CANCELLED))
end

-- Tells that the queue has changed, and ids and tokens of new leases, so that nobody needs to ask.
local function tell(news)
  count()
  redis.call('PUBLISH', CHANGES, HOLDER)
  if #news > 0 then
    redis.call('PUBLISH', NEWS, HOLDER .. ' ' .. table.concat(news, ' '))
  end
end
