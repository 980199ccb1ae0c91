-- A sliding window: what was taken is summed per slot, and a slot counts until its youngest unit has left the window. One hash: the slot's
-- beginning, then 'cost end', all in milliseconds.
-- ARGV: limit, window, cost, slots in a window. Answers whether it was taken, what remains, and in how many milliseconds it is back, or fits.
local key, limit, window, cost = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local slotLength = window / tonumber(ARGV[4])
local clock = redis.call('TIME')
local now = clock[1] * 1000 + clock[2] / 1000

local function exact(number)
  return string.format('%.17g', number)
end

local slots, used = {}, 0
local fields = redis.call('HGETALL', key)
for index = 1, #fields, 2 do
  local taken, over = string.match(fields[index + 1], '^(%S+) (%S+)$')
  local slot = { at = fields[index], cost = tonumber(taken), over = tonumber(over) }
  if slot.over <= now then
    redis.call('HDEL', key, slot.at)
  else
    slots[#slots + 1] = slot
    used = used + slot.cost
  end
end
table.sort(slots, function(left, right)
  return left.over < right.over
end)

if used + cost > limit then
  local excess, fits = used + cost - limit, now + window
  for _, slot in ipairs(slots) do
    excess = excess - slot.cost
    if excess <= 0 then
      fits = slot.over
      break
    end
  end
  return { 0, exact(math.max(0, limit - used)), exact(fits - now) }
end

local last = slots[#slots]
if cost == 0 then
  return { 1, exact(limit - used), exact(last and last.over - now or 0) }
end
local at = math.floor(now / slotLength) * slotLength
local over = at + slotLength + window
local name = exact(at)
for _, slot in ipairs(slots) do
  if slot.at == name then
    cost, over = cost + slot.cost, math.max(over, slot.over)
    used = used - slot.cost
  end
end
redis.call('HSET', key, name, exact(cost) .. ' ' .. exact(over))
redis.call('PEXPIREAT', key, string.format('%.0f', math.ceil(math.max(over, last and last.over or 0))))
return { 1, exact(limit - used - cost), exact(over - now) }
