-- The queue as it is: the server's clock, rows of leases, rows of waiters, turns. A server that does not know its own run knows nothing.
if redis.call('HGET', STATE, 'run') ~= currentRun() then
  return { whole(now), {}, {}, redis.call('HGETALL', TURNS) }
end
return { whole(now), redis.call('HGETALL', LEASES), redis.call('HGETALL', WAITERS), redis.call('HGETALL', TURNS) }
