-- Who is next: the policy of ../../semaphore/turns.ts, line by line, where the queue is. A test holds the two against each other.
local PATIENCE = { interactive = 10000, batch = 60000 }

local function toLines(waiting, turns)
  local lines, byKey = {}, {}
  for _, waiter in ipairs(waiting) do
    local key = waiter.priority .. ' ' .. waiter.organizationId
    local line = byKey[key]
    if not line then
      line = { organizationId = waiter.organizationId, priority = waiter.priority, waiters = {}, served = 0 }
      line.lastTurn = turns[key] or 0
      byKey[key] = line
      lines[#lines + 1] = line
    end
    line.waiters[#line.waiters + 1] = waiter
  end
  return lines
end

local function headOf(line)
  return line.waiters[line.served + 1]
end

local function rankOf(line, weights, at)
  local since = math.max(headOf(line).queuedAt, line.lastTurn)
  if at - since >= PATIENCE[line.priority] then
    return 0, 0, since
  end
  return 1, weights[line.organizationId] or 0, since
end

local function nextLine(lines, weights, batchTurn, at)
  local batchSince, hasInteractive = math.huge, false
  for _, line in ipairs(lines) do
    local head = headOf(line)
    if head and line.priority == 'batch' then
      batchSince = math.min(batchSince, head.queuedAt)
    elseif head then
      hasInteractive = true
    end
  end
  local batchOwed = batchSince < math.huge and at - math.max(batchTurn, batchSince) >= PATIENCE.batch
  local priority = (batchOwed or not hasInteractive) and 'batch' or 'interactive'
  local best, bestOwed, bestWeight, bestSince
  for _, line in ipairs(lines) do
    if line.priority == priority and headOf(line) then
      local owed, weight, since = rankOf(line, weights, at)
      local before = not best
      if best then
        if owed ~= bestOwed then
          before = owed < bestOwed
        elseif weight ~= bestWeight then
          before = weight < bestWeight
        elseif since ~= bestSince then
          before = since < bestSince
        else
          before = line.lastTurn < best.lastTurn
        end
      end
      if before then
        best, bestOwed, bestWeight, bestSince = line, owed, weight, since
      end
    end
  end
  return best
end

-- queue: capacity; running {organizationId, weight, token}; waiting, first come first {id, organizationId, weight, priority, queuedAt,
-- token}; turns by 'priority organizationId'; batchTurn, the last turn of any batch work. Answers the waiters that get a lease now.
local function nextGrants(queue, at)
  local capacity, free, passing, lightest = queue.capacity, queue.capacity, math.huge, math.huge
  local weights, granted, grantedWeight = {}, {}, 0
  for _, lease in ipairs(queue.running) do
    free = free - lease.weight
    weights[lease.organizationId] = (weights[lease.organizationId] or 0) + lease.weight
  end
  for _, waiter in ipairs(queue.waiting) do
    lightest = math.min(lightest, waiter.weight, capacity)
  end
  local lines, batchTurn = toLines(queue.waiting, queue.turns), queue.batchTurn
  for _ = 1, #queue.waiting do
    if lightest > free or lightest > passing then
      break
    end
    local line = nextLine(lines, weights, batchTurn, at)
    local waiter = headOf(line)
    local weight = math.min(waiter.weight, capacity)
    if weight <= free and weight <= passing then
      granted[#granted + 1] = waiter
      grantedWeight = grantedWeight + waiter.weight
      free, passing = free - weight, passing - weight
    elseif passing == math.huge then
      passing = capacity - weight - grantedWeight
      for _, lease in ipairs(queue.running) do
        if lease.token > waiter.token then
          passing = passing - lease.weight
        end
      end
    end
    line.served = line.served + 1
    line.lastTurn = at
    if line.priority == 'batch' then
      batchTurn = at
    end
    weights[line.organizationId] = (weights[line.organizationId] or 0) + waiter.weight
  end
  return granted
end
