-- The last turns are kept beside the state, under names with a space.
local function readTurns()
  local turns, batchTurn = {}, 0
  local fields = redis.call('HGETALL', STATE)
  for index = 1, #fields, 2 do
    local key, at = fields[index], tonumber(fields[index + 1])
    if string.find(key, ' ', 1, true) then
      if at <= now - TURN_MEMORY then
        redis.call('HDEL', STATE, key)
      else
        turns[key] = at
        if string.sub(key, 1, 6) == 'batch ' then
          batchTurn = math.max(batchTurn, at)
        end
      end
    end
  end
  return turns, batchTurn
end

-- A waiter is the newest token, the time and its place when it came, and the caller's row: weight, priority and organisation, and JSON that
-- need not be read here.
local function readWaiting()
  local waiting = {}
  local fields = redis.call('HGETALL', WAITERS)
  for index = 1, #fields, 2 do
    local token, queuedAt, position, row, weight, priority, organizationId =
      string.match(fields[index + 1], '^(%d+) (%d+) (%d+) ((%d+) (%l+) (%S*) .*)$')
    waiting[#waiting + 1] = {
      id = fields[index],
      token = tonumber(token),
      queuedAt = tonumber(queuedAt),
      position = tonumber(position),
      row = row,
      weight = tonumber(weight),
      priority = priority,
      organizationId = organizationId,
    }
  end
  table.sort(waiting, function(left, right)
    if left.queuedAt ~= right.queuedAt then
      return left.queuedAt < right.queuedAt
    end
    return left.position < right.position
  end)
  return waiting
end

local function readRunning()
  local running = {}
  for _, text in ipairs(redis.call('HVALS', LEASES)) do
    local token, weight, organizationId = string.match(text, '^(%d+) %d+ (%d+) %l+ (%S*) ')
    running[#running + 1] = { token = tonumber(token), weight = tonumber(weight), organizationId = organizationId }
  end
  return running
end

local function someoneFits()
  local lightest = redis.call('ZRANGE', WEIGHTS, 0, 0, 'WITHSCORES')
  return #lightest > 0 and math.min(tonumber(lightest[2]), CAPACITY) <= CAPACITY - used()
end

-- A lease ends when its wait would have: whoever lives has just said so, and the waiter of a dead process must not begin a whole lease.
local function grant(waiter)
  local token = nextToken(microseconds)
  hold(waiter.id, token, waiter.weight, waiter.row)
  redis.call('HSET', STATE, waiter.priority .. ' ' .. waiter.organizationId, whole(now))
  redis.call('HDEL', WAITERS, waiter.id)
  redis.call('ZREM', WEIGHTS, waiter.id)
  return token
end

-- Gives leases to those whose turn it is, and tells everyone of them if there are any, or if something else has changed. Answers ids and tokens
-- of the new ones in a row.
local function advance(settled, changed)
  local news = {}
  if now >= settled and someoneFits() then
    local turns, batchTurn = readTurns()
    local queue = { capacity = CAPACITY, running = readRunning(), waiting = readWaiting(), turns = turns, batchTurn = batchTurn }
    for _, waiter in ipairs(nextGrants(queue, now)) do
      news[#news + 1], news[#news + 2] = waiter.id, grant(waiter)
    end
  end
  if changed or #news > 0 then
    tell(news)
  end
  return news
end
