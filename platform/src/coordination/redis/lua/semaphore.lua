-- The state is read once at the start of a step and written once at its end.
--
-- A server that does not know its own run has lost its memory, or has an older one than it had: a restart, a fail-over, a flush. Whatever
-- it holds may be over, and others may hold what it has forgotten. So it forgets all of it and grants nothing until everyone who lives has
-- entered again, or has had to give up.
local before = redis.call('HMGET', STATE, 'run', 'settled', 'used', 'token', 'position', 'watched', 'ends')
local settled, used, token = tonumber(before[2]), tonumber(before[3]), tonumber(before[4]) or 0
local position, watched, ends = tonumber(before[5]) or 0, tonumber(before[6]) or 0, tonumber(before[7]) or 0
if before[1] ~= RUN then
  settled, used = now + SETTLE_MS, 0
  redis.call('DEL', WAITERS, LEASES, WEIGHTS, LINES)
  redis.call('HSET', STATE, 'run', RUN, 'settled', whole(settled), 'used', 0, 'queued', 0)
end

-- The clock is in the token, so that it grows on even after a server that has forgotten the last ones.
local function nextToken(least)
  token = math.max(token + 1, least)
  return whole(token)
end

-- Who waits is kept in the order of service of each line, line after line: the first of every line is found without reading the others.
local function toMember(id, line, queuedAt, place)
  return string.format('%s %015.0f %015.0f %s', line, queuedAt, place, id)
end

-- A waiter is the newest token, the time and its place when it came, and the caller's row: weight, priority, organisation, holder, and JSON that
-- need not be read here.
local function toWaiter(id, text)
  local known, queuedAt, place, row, weight, line, holder = string.match(text, '^(%d+) (%d+) (%d+) ((%d+) (%l+ %S*) (%S+) .*)$')
  return {
    id = id,
    token = tonumber(known),
    queuedAt = tonumber(queuedAt),
    place = tonumber(place),
    weight = tonumber(weight),
    line = line,
    holder = holder,
    row = row,
    member = toMember(id, line, queuedAt, place),
  }
end

local function takeOut(waiter)
  redis.call('HDEL', WAITERS, waiter.id)
  redis.call('ZREM', WEIGHTS, waiter.id)
  redis.call('ZREM', LINES, waiter.member)
end

-- Answers whether there was one under this id.
local function drop(id)
  local lease = redis.call('HGET', LEASES, id)
  if lease then
    redis.call('HDEL', LEASES, id)
    used = used - string.match(lease, '^%d+ %d+ (%d+)')
    return true
  end
  local waits = redis.call('HGET', WAITERS, id)
  if waits then
    takeOut(toWaiter(id, waits))
  end
  return waits
end

-- Answers a set of the processes that have not said for the life of a lease that they live, and forgets them. `ends` is no later than the first end.
local function takeDead()
  local dead = {}
  if now < ends then
    return dead
  end
  ends = math.huge
  local fields = redis.call('HGETALL', STATE)
  for index = 1, #fields, 2 do
    if string.sub(fields[index], 1, 4) == 'hld_' then
      local finish = tonumber(fields[index + 1])
      if finish <= now then
        dead[fields[index]] = true
        redis.call('HDEL', STATE, fields[index])
      else
        ends = math.min(ends, finish)
      end
    end
  end
  redis.call('HSET', STATE, 'ends', ends)
  return dead
end

-- Who is dead goes with all its calls. Few ever are, so that all rows are looked at then.
local function dropDead()
  local dead, marks = takeDead(), redis.call('ZREMRANGEBYSCORE', CANCELLED, '-inf', now)
  if not next(dead) then
    return marks > 0
  end
  for _, key in ipairs({ LEASES, WAITERS }) do
    local rows = redis.call('HGETALL', key)
    for index = 1, #rows, 2 do
      if dead[string.match(rows[index + 1], '^[%d ]+ %l+ %S* (%S+) ')] then
        drop(rows[index])
      end
    end
  end
  return true
end

local function live()
  ends = math.min(ends, now + LEASE_MS)
  redis.call('HSET', STATE, HOLDER, whole(now + LEASE_MS), 'ends', whole(ends))
end

-- A lease is its token, since when it runs, and the caller's row, which begins with the weight.
local function hold(id, granted, weight, row)
  redis.call('HSET', LEASES, id, granted .. ' ' .. whole(now) .. ' ' .. row)
  used = used + weight
end

-- News are new leases and cancelled calls, for who holds or waits; changes are everything, for who looks on.
local function publish(channel, message)
  redis.call('PUBLISH', STATE .. ':' .. channel, message)
end

-- Ends a step that has changed something: keeps the state, with the number of those for whose sake a step must look at everything, and tells
-- ids and tokens of leases that are other processes', so that nobody needs to ask.
local function keep(news)
  local queued = redis.call('HLEN', WAITERS) + redis.call('ZCARD', CANCELLED)
  redis.call('HSET', STATE, 'used', used, 'token', whole(token), 'position', position, 'queued', queued)
  if now < watched then
    publish('changes', HOLDER)
  end
  if #news > 0 then
    publish('news', HOLDER .. ' ' .. table.concat(news, ' '))
  end
end
