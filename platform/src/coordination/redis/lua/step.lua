-- Who is dead goes, and turns that decide nothing any more; those whose turn it is get a lease. Answers ids and tokens of what this process runs,
-- and with '-' in place of a token what is cancelled, whoever's it is.
local fields = redis.call('HGETALL', STATE)
for index = 1, #fields, 2 do
  if string.find(fields[index], ' ', 1, true) and tonumber(fields[index + 1]) <= now - TURN_MEMORY then
    redis.call('HDEL', STATE, fields[index])
  end
end
advance(dropDead())
local own = {}
local rows = redis.call('HGETALL', LEASES)
for index = 1, #rows, 2 do
  local granted, holder = string.match(rows[index + 1], '^(%d+) %d+ %d+ %l+ %S* (%S+) ')
  if holder == HOLDER and not redis.call('ZSCORE', CANCELLED, rows[index]) then
    own[#own + 1], own[#own + 2] = rows[index], granted
  end
end
for _, id in ipairs(redis.call('ZRANGE', CANCELLED, 0, -1)) do
  own[#own + 1], own[#own + 2] = id, '-'
end
return own
