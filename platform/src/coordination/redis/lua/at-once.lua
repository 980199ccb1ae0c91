-- The common case first, for as long as it is one: nobody waits, and there is room for who comes.
-- ARGV: how many go, id and weight of each, '' where that is not known; then id, weight, age in milliseconds, priority and organisation, row of
-- each who comes.
local at, entering, answer = 7, 7 + 2 * ARGV[6], {}
local known = redis.call('HMGET', STATE, 'run', 'queued', 'settled', 'used', 'token', 'watched', HOLDER)
if known[1] == RUN and known[2] == '0' then
  local used = known[4]
  while at < entering and ARGV[at + 1] ~= '' do
    used = used - redis.call('HDEL', LEASES, ARGV[at]) * ARGV[at + 1]
    at = at + 2
  end
  local state = { 'used', used }
  if at == entering and ARGV[at] then
    local microseconds = toMicroseconds()
    local now, token = math.floor(microseconds / 1000), tonumber(known[5]) or 0
    local since = whole(now)
    local lives = now >= tonumber(known[3]) and now < (tonumber(known[7]) or 0)
    while lives and ARGV[at] and state[2] + ARGV[at + 1] <= CAPACITY do
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
  if known[6] and toMicroseconds() < known[6] * 1000 then
    publish('changes', HOLDER)
  end
  if not ARGV[at] then
    return answer
  end
end
