-- What every script of a semaphore begins with. Its keys are of one slot: run, settled, used, token, position, queued, watched, ends, under
-- 'priority organisation' the last turn of each, and under a process' name until when it lives; rows by id; rows by id; waiting ids by weight;
-- who waits, in the order of the lines; cancelled ids by the time at which they need not be known any more.
local STATE, WAITERS, LEASES, WEIGHTS, LINES, CANCELLED = unpack(KEYS)
local CAPACITY, LEASE_MS, SETTLE_MS, HOLDER = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]

-- The server's run: the client knows to whom it is connected, unless that is a cluster.
local RUN = ARGV[5]
if RUN == '' then
  RUN = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
end
