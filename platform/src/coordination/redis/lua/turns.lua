-- Who is next: the policy of ../../semaphore/turns.ts, line by line, where the queue is. A test holds the two against each other.
local PATIENCE = { interactive = 10000, batch = 60000 }

local function rankOf(line, weights, at)
  local since = math.max(line.head.queuedAt, line.lastTurn)
  if at - since >= PATIENCE[line.priority] then
    return 0, 0, since
  end
  return 1, weights[line.organizationId] or 0, since
end

local function nextLine(lines, weights, batchTurn, at)
  local batchSince, hasInteractive = math.huge, false
  for _, line in ipairs(lines) do
    if line.head and line.priority == 'batch' then
      batchSince = math.min(batchSince, line.head.queuedAt)
    elseif line.head then
      hasInteractive = true
    end
  end
  local batchOwed = batchSince < math.huge and at - math.max(batchTurn, batchSince) >= PATIENCE.batch
  local priority = (batchOwed or not hasInteractive) and 'batch' or 'interactive'
  local best, bestOwed, bestWeight, bestSince
  for _, line in ipairs(lines) do
    if line.priority == priority and line.head then
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

-- queue: capacity; running {organizationId, weight, token}; lines {organizationId, priority, lastTurn, head, following}, in the order of their
-- heads, where a head is {weight, queuedAt, token} and following(head) answers who comes after it, if anyone; lightest, the least weight of
-- who waits; batchTurn, the last turn of any batch work. Answers the heads that get a lease now.
local function nextGrants(queue, at)
  local capacity, free, passing = queue.capacity, queue.capacity, math.huge
  local lightest = math.min(queue.lightest, capacity)
  local weights, granted, grantedWeight = {}, {}, 0
  for _, lease in ipairs(queue.running) do
    free = free - lease.weight
    weights[lease.organizationId] = (weights[lease.organizationId] or 0) + lease.weight
  end
  local batchTurn = queue.batchTurn
  while lightest <= free and lightest <= passing do
    local line = nextLine(queue.lines, weights, batchTurn, at)
    if not line then
      break
    end
    local waiter = line.head
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
    line.lastTurn = at
    if line.priority == 'batch' then
      batchTurn = at
    end
    weights[line.organizationId] = (weights[line.organizationId] or 0) + waiter.weight
    line.head = lightest <= free and lightest <= passing and line.following(waiter) or nil
  end
  return granted
end
