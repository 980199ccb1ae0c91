-- The common case in one short step, with little to send: nobody waits, and there is room for who comes.
-- Keys: the queue's state, its leases. ARGV: capacity, process, run of the server, how many go, id and weight of each; then id, weight, priority and
-- organisation, row of each who comes. Answers how many of these have come in, and their tokens; nothing when somebody waits, or the server has lost
-- its memory, and then nothing has changed.
local STATE, LEASES, CAPACITY, HOLDER, RUN = KEYS[1], KEYS[2], tonumber(ARGV[1]), ARGV[2], ARGV[3]
if RUN == '' then
  RUN = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
end
local known = redis.call('HMGET', STATE, 'run', 'queued', 'used', 'watched', 'settled', 'token', HOLDER)
if known[1] ~= RUN or known[2] ~= '0' then
  return nil
end
local used, at, entering = known[3], 5, 5 + 2 * ARGV[4]
while at < entering do
  used = used - redis.call('HDEL', LEASES, ARGV[at]) * ARGV[at + 1]
  at = at + 2
end
local answer, state, microseconds = { 0 }, { 'used', used }, nil
if ARGV[at] then
  microseconds = toMicroseconds()
  local now, token = math.floor(microseconds / 1000), tonumber(known[6]) or 0
  local since, lives = whole(now), now >= tonumber(known[5]) and now < (tonumber(known[7]) or 0)
  while lives and ARGV[at] and state[2] + ARGV[at + 1] <= CAPACITY do
    token = math.max(token + 1, microseconds)
    local granted, line = whole(token), ARGV[at + 2]
    if redis.call('HSETNX', LEASES, ARGV[at], granted .. ' ' .. since .. ' ' .. ARGV[at + 3]) == 0 then
      break
    end
    answer[1], answer[#answer + 1] = answer[1] + 1, granted
    state[2] = state[2] + ARGV[at + 1]
    state[3], state[4] = 'token', granted
    if line ~= state[#state - 1] then
      state[#state + 1], state[#state + 2] = line, since
    end
    at = at + 4
  end
end
redis.call('HSET', STATE, unpack(state))
if known[4] and (microseconds or toMicroseconds()) < known[4] * 1000 then
  redis.call('PUBLISH', STATE .. ':changes', HOLDER)
end
return answer
