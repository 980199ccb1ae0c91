-- The common case first, for as long as it is one: nobody waits, and there is room for who comes.
-- ARGV: how many go, their ids; then id, weight, age in milliseconds, priority and organisation, row of each who comes.
local at, entering, answer = 7, 7 + ARGV[6], {}
local known = redis.call('HMGET', STATE, 'run', 'queued', 'settled', 'used', 'token', 'watched')
if known[1] == RUN and known[2] == '0' then
  local state = { 'used', tonumber(known[4]) }
  while at < entering do
    local row = redis.call('HGET', LEASES, ARGV[at])
    if row then
      redis.call('HDEL', LEASES, ARGV[at])
      state[2] = state[2] - string.match(row, '^%d+ %d+ (%d+)')
    end
    at = at + 1
  end
  if ARGV[at] and now >= tonumber(known[3]) and now < tonumber(redis.call('ZSCORE', HOLDERS, HOLDER) or 0) then
    local token, since = tonumber(known[5]) or 0, whole(now)
    while ARGV[at] and state[2] + ARGV[at + 1] <= CAPACITY do
      local id, line = ARGV[at], ARGV[at + 3]
      token = math.max(token + 1, microseconds)
      local granted = whole(token)
      if redis.call('HSETNX', LEASES, id, granted .. ' ' .. since .. ' ' .. ARGV[at + 4]) == 1 then
        answer[#answer + 1], answer[#answer + 2] = id, granted
        state[2] = state[2] + ARGV[at + 1]
        state[3], state[4] = 'token', granted
        if line ~= state[#state - 1] then
          state[#state + 1], state[#state + 2] = line, since
        end
      end
      at = at + 5
    end
  end
  redis.call('HSET', STATE, unpack(state))
  if known[6] and now < tonumber(known[6]) then
    redis.call('PUBLISH', CHANGES, HOLDER)
  end
  if not ARGV[at] then
    return answer
  end
end
