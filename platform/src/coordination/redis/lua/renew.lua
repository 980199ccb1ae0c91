-- Waiters and leases live on. Answers the ids of those that are still there. While a server that has lost its memory gathers itself, leases
-- that it has forgotten are entered again under their tokens, as far as they fit.
-- ARGV: then id, token ('' for a waiter), row as JSON {organizationId, userId, task, model, weight} of a lease.
local settled = enter()
local alive, used, entered = {}, nil, false
for index = 6, #ARGV, 3 do
  local id, token = ARGV[index], ARGV[index + 1]
  local known = redis.call('HEXISTS', LEASES, id) == 1 or redis.call('HEXISTS', WAITERS, id) == 1
  if not known and token ~= '' and now < settled then
    local lease = cjson.decode(ARGV[index + 2])
    used = (used or sumOf(allOf(LEASES))) + lease.weight
    if used <= CAPACITY then
      lease.token, lease.since = token, now
      redis.call('HSET', LEASES, id, cjson.encode(lease))
      nextToken(tonumber(token) + 1)
      known, entered = true, true
    else
      used = used - lease.weight
    end
  end
  if known then
    prolong(id)
    alive[#alive + 1] = id
  end
end
if entered then
  tell({})
end
return alive
