-- Turns older than this decide nothing any more, milliseconds.
local TURN_MEMORY = 3600000

-- Who stands in a line and is not there, as when a full server has thrown away what it was not told to keep, is out of it.
local function firstWaiter(from, to)
  local member = redis.call('ZRANGEBYLEX', LINES, from, to, 'LIMIT', 0, 1)[1]
  if not member then
    return nil
  end
  local id = string.match(member, '%S+$')
  local text = redis.call('HGET', WAITERS, id)
  local waiter = text and toWaiter(id, text)
  if waiter and waiter.member == member then
    return waiter
  end
  redis.call('ZREM', LINES, member)
  return firstWaiter(from, to)
end

-- The last turns are kept beside the state, under names with a space. Answers them, and the last one of any batch work.
local function readTurns()
  local turns, batchTurn = {}, 0
  local fields = redis.call('HGETALL', STATE)
  for index = 1, #fields, 2 do
    local line, turn = fields[index], tonumber(fields[index + 1])
    if string.find(line, ' ', 1, true) and turn > now - TURN_MEMORY then
      turns[line] = turn
      if string.sub(line, 1, 6) == 'batch ' then
        batchTurn = math.max(batchTurn, turn)
      end
    end
  end
  return turns, batchTurn
end

-- One line for each priority and organisation that waits, with its first waiter: every look skips the rest of a line. \255 is in no text.
local function readLines(turns)
  local lines = {}
  local waiter = firstWaiter('-', '+')
  while waiter do
    local finish = '(' .. waiter.line .. ' \255'
    local priority, organizationId = string.match(waiter.line, '^(%l+) (%S*)$')
    lines[#lines + 1] = {
      priority = priority,
      organizationId = organizationId,
      lastTurn = turns[waiter.line] or 0,
      head = waiter,
      following = function(head)
        return firstWaiter('(' .. head.member, finish)
      end,
    }
    waiter = firstWaiter(finish, '+')
  end
  table.sort(lines, function(left, right)
    if left.head.queuedAt ~= right.head.queuedAt then
      return left.head.queuedAt < right.head.queuedAt
    end
    return left.head.place < right.head.place
  end)
  return lines
end

local function readRunning()
  local running = {}
  for _, text in ipairs(redis.call('HVALS', LEASES)) do
    local granted, weight, organizationId = string.match(text, '^(%d+) %d+ (%d+) %l+ (%S*) ')
    running[#running + 1] = { token = tonumber(granted), weight = tonumber(weight), organizationId = organizationId }
  end
  return running
end

local function grant(waiter)
  local granted = nextToken(microseconds)
  hold(waiter.id, granted, waiter.weight, waiter.row)
  takeOut(waiter)
  redis.call('HSET', STATE, waiter.line, whole(now))
  return granted
end

-- Gives leases to those whose turn it is. Keeps and tells it, if anything has changed. Answers ids and tokens of this process' new leases in a row.
local function advance(changed)
  local own, others = {}, {}
  local lightest = tonumber(redis.call('ZRANGE', WEIGHTS, 0, 0, 'WITHSCORES')[2])
  if lightest and now >= settled and math.min(lightest, CAPACITY) <= CAPACITY - used then
    local turns, batchTurn = readTurns()
    local queue = { capacity = CAPACITY, running = readRunning(), lines = readLines(turns), lightest = lightest, batchTurn = batchTurn }
    for _, waiter in ipairs(nextGrants(queue, now)) do
      local news = waiter.holder == HOLDER and own or others
      news[#news + 1], news[#news + 2] = waiter.id, grant(waiter)
    end
  end
  if changed or #own + #others > 0 then
    keep(others)
  end
  return own
end
