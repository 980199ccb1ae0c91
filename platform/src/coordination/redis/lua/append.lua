-- A list is one Redis list: the sum of its sizes, then value and size of each entry in turn.
-- ARGV: value, size, most entries, most size, time to live in milliseconds.
local key, size = KEYS[1], tonumber(ARGV[2])
local mostEntries, mostSize = tonumber(ARGV[3]), tonumber(ARGV[4])
if redis.call('TYPE', key).ok ~= 'list' then
  redis.call('DEL', key)
end
local total = tonumber(redis.call('LPOP', key) or 0) + size
redis.call('RPUSH', key, ARGV[1], ARGV[2])
local entries = redis.call('LLEN', key) / 2
while entries > 0 and (entries > mostEntries or total > mostSize) do
  redis.call('LPOP', key)
  total = total - tonumber(redis.call('LPOP', key))
  entries = entries - 1
end
redis.call('LPUSH', key, entries == 0 and '0' or string.format('%.17g', total))
redis.call('PEXPIRE', key, ARGV[5])
return entries
