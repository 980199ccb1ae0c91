-- This process lives on, with its waiters and leases. Answers the ids of those that are still there. While a server that has lost its memory
-- gathers itself, leases that it has forgotten are entered again under their tokens, as far as they fit.
-- ARGV: then id, token ('' for a waiter), weight and row of each.
live()
local alive, entered = {}, false
for index = 6, #ARGV, 4 do
  local id, granted, weight = ARGV[index], ARGV[index + 1], tonumber(ARGV[index + 2])
  local known = redis.call('HEXISTS', LEASES, id) == 1 or redis.call('HEXISTS', WAITERS, id) == 1
  if not known and granted ~= '' and now < settled and used + weight <= CAPACITY then
    hold(id, granted, weight, ARGV[index + 3])
    nextToken(tonumber(granted))
    known, entered = true, true
  end
  if known then
    alive[#alive + 1] = id
  end
end
if entered then
  keep({})
end
return alive
