-- A waiter or lease goes, if one is named; what has expired goes; those whose turn it is get a lease. Answers ids and tokens of the new leases, or
-- of all that runs or is cancelled; '-' in place of a token says that the call was cancelled.
local settled = enter()
local left = ARGV[6] ~= '' and redis.call('ZREM', CANCELLED, ARGV[6]) + drop(ARGV[6]) > 0
local news = advance(settled, dropExpired() or left)
if ARGV[7] == '0' then
  return news
end
local all = {}
local fields = redis.call('HGETALL', LEASES)
for index = 1, #fields, 2 do
  if not redis.call('ZSCORE', CANCELLED, fields[index]) then
    all[#all + 1], all[#all + 2] = fields[index], string.match(fields[index + 1], '^%d+')
  end
end
for _, id in ipairs(redis.call('ZRANGE', CANCELLED, 0, -1)) do
  all[#all + 1], all[#all + 2] = id, '-'
end
return all
