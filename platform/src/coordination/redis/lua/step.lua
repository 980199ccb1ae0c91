-- A waiter or lease goes, if one is named; what has expired goes; those whose turn it is get a lease. Answers ids and tokens of all that runs.
-- ARGV: id or nothing.
local settled = enter()
local left = ARGV[6] ~= '' and redis.call('ZREM', CANCELLED, ARGV[6]) + drop(ARGV[6]) > 0
local changed = dropExpired() or left
local leases = allOf(LEASES)
local news = advance(leases, settled)
if changed or #news > 0 then
  tell(news)
end
return listOf(leases)
