-- The queue as it is: the server's clock, rows of leases, rows of waiters, state and turns. A server that does not know its own run knows nothing.
local clocked, state = string.format('%.0f', now), redis.call('HGETALL', STATE)
if redis.call('HGET', STATE, 'run') ~= RUN then
  return { clocked, {}, {}, state }
end
return { clocked, redis.call('HGETALL', LEASES), redis.call('HGETALL', WAITERS), state }
