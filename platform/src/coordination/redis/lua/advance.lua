local function readTurns()
  local turns, batchTurn = {}, 0
  local pairs = redis.call('HGETALL', TURNS)
  for index = 1, #pairs, 2 do
    local key, at = pairs[index], tonumber(pairs[index + 1])
    if at <= now - TURN_MEMORY then
      redis.call('HDEL', TURNS, key)
    else
      turns[key] = at
      if string.sub(key, 1, 6) == 'batch ' then
        batchTurn = math.max(batchTurn, at)
      end
    end
  end
  return turns, batchTurn
end

local function readWaiting()
  local waiting = {}
  for id, waiter in pairs(allOf(WAITERS)) do
    waiter.id, waiter.token = id, tonumber(waiter.token)
    waiting[#waiting + 1] = waiter
  end
  table.sort(waiting, function(left, right)
    if left.queuedAt ~= right.queuedAt then
      return left.queuedAt < right.queuedAt
    end
    return left.position < right.position
  end)
  return waiting
end

local function someoneFits(leases)
  local lightest = redis.call('ZRANGE', WEIGHTS, 0, 0, 'WITHSCORES')
  return #lightest > 0 and math.min(tonumber(lightest[2]), CAPACITY) <= CAPACITY - sumOf(leases)
end

-- Gives leases to those whose turn it is, and adds them to `leases`. Answers ids and tokens of the new ones in a row.
local function advance(leases, settled)
  local news = {}
  if now < settled or not someoneFits(leases) then
    return news
  end
  local turns, batchTurn = readTurns()
  local queue = { capacity = CAPACITY, running = {}, waiting = readWaiting(), turns = turns, batchTurn = batchTurn }
  for _, lease in pairs(leases) do
    queue.running[#queue.running + 1] =
      { organizationId = lease.organizationId, weight = lease.weight, token = tonumber(lease.token) }
  end
  for _, waiter in ipairs(nextGrants(queue, now)) do
    local lease = grant(waiter.id, waiter)
    leases[waiter.id] = lease
    news[#news + 1], news[#news + 2] = waiter.id, lease.token
  end
  return news
end
