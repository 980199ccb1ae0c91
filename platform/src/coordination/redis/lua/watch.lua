-- Somebody looks on, and wants to be told of changes for as long as a lease lives; for longer it says so again.
redis.call('HSET', STATE, 'watched', whole(math.max(watched, now + LEASE_MS)))
