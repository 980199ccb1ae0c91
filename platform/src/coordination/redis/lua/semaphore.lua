-- What every script of a semaphore begins with. Its keys are of one slot: two numbers and a run; rows by id; rows by id; ids by their end;
-- waiting ids by weight; the last turn of each organisation and priority; cancelled ids by the time at which they need not be known any more.
local STATE, WAITERS, LEASES, EXPIRY, WEIGHTS, TURNS, CANCELLED = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7]
local CAPACITY, LEASE_MS, SETTLE_MS = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local HOLDER, CHANNEL = ARGV[4], ARGV[5]

-- The clock is the server's, in milliseconds, so that no two processes can disagree about a lease's end.
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local microseconds = clock[1] * 1000000 + clock[2]

-- Turns older than this decide nothing any more, milliseconds.
local TURN_MEMORY = 3600000

-- Numbers above 2^46 would lose digits if Lua wrote them in its own way.
local function whole(number)
  return string.format('%.0f', number)
end

local function currentRun()
  return string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
end

local function allOf(hash)
  local values = {}
  local pairs = redis.call('HGETALL', hash)
  for index = 1, #pairs, 2 do
    values[pairs[index]] = cjson.decode(pairs[index + 1])
  end
  return values
end

-- A server that does not know its own run has lost its memory, or has an older one than it had: a restart, a fail-over, a flush. Whatever
-- it holds may be over, and others may hold what it has forgotten. So it forgets all of it and grants nothing until everyone who lives has
-- entered again, or has had to give up. Answers when that is.
local function enter()
  local run = currentRun()
  local known = redis.call('HMGET', STATE, 'run', 'settled')
  if known[1] == run then
    return tonumber(known[2])
  end
  redis.call('DEL', WAITERS, LEASES, EXPIRY, WEIGHTS)
  redis.call('HSET', STATE, 'run', run, 'settled', whole(now + SETTLE_MS))
  return now + SETTLE_MS
end

-- The clock is in the token, so that it grows on even after a server that has forgotten the last ones.
local function nextToken(leastToken)
  local newest = tonumber(redis.call('HGET', STATE, 'token') or 0)
  local token = math.max(newest + 1, leastToken)
  redis.call('HSET', STATE, 'token', whole(token))
  return token
end

local function sumOf(rows)
  local sum = 0
  for _, row in pairs(rows) do
    sum = sum + row.weight
  end
  return sum
end

-- Answers how many there were under this id: 0 or 1.
local function drop(id)
  redis.call('ZREM', WEIGHTS, id)
  redis.call('ZREM', EXPIRY, id)
  return redis.call('HDEL', WAITERS, id) + redis.call('HDEL', LEASES, id)
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

-- A lease ends when its wait would have: whoever lives has just said so, and the waiter of a dead process must not begin a whole lease.
local function grant(id, waiter)
  local token = whole(nextToken(microseconds))
  local lease = {
    organizationId = waiter.organizationId,
    userId = waiter.userId,
    task = waiter.task,
    model = waiter.model,
    weight = waiter.weight,
    since = now,
    token = token,
  }
  redis.call('HSET', LEASES, id, cjson.encode(lease))
  redis.call('HSET', TURNS, waiter.priority .. ' ' .. waiter.organizationId, whole(now))
  redis.call('HDEL', WAITERS, id)
  redis.call('ZREM', WEIGHTS, id)
  return lease
end

-- Tells everyone who changed the queue and which leases are new or cancelled, so that nobody needs to ask.
local function tell(news)
  redis.call('PUBLISH', CHANNEL, HOLDER .. ' ' .. table.concat(news, ' '))
end

-- Ids and tokens in a row; in place of a token, '-' says that the call was cancelled.
local function listOf(leases)
  local list = {}
  for _, id in ipairs(redis.call('ZRANGE', CANCELLED, 0, -1)) do
    list[#list + 1], list[#list + 2] = id, '-'
    leases[id] = nil
  end
  for id, lease in pairs(leases) do
    list[#list + 1], list[#list + 2] = id, lease.token
  end
  return list
end
