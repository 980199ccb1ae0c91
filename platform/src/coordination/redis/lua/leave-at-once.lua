-- The common case first: a lease goes, and nobody waits for its room.
-- ARGV: id or nothing; 1 to be told of all that runs.
local row = ARGV[7] == '0' and redis.call('HGET', LEASES, ARGV[6])
if row then
  local state = redis.call('HMGET', STATE, 'run', 'queued')
  if state[1] == RUN and state[2] == '0' then
    redis.call('HDEL', LEASES, ARGV[6])
    redis.call('ZREM', EXPIRY, ARGV[6])
    redis.call('HINCRBY', STATE, 'used', '-' .. string.match(row, '^%d+ %d+ (%d+)'))
    redis.call('PUBLISH', CHANGES, HOLDER)
    return {}
  end
end
