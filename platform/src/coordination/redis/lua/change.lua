-- Some waiters and leases go, some waiters come, and those whose turn it is get a lease. ARGV: how many go, their ids; then id, weight, age in
-- milliseconds, priority and organisation, row of each who comes. Answers how many wait then, and ids and tokens of this process' new leases; '-'
-- in place of a token says that the call was cancelled.
local at, entering, answer = 7, 7 + ARGV[6], { 0 }
local changed = dropDead()
while at < entering do
  local marked = redis.call('ZREM', CANCELLED, ARGV[at]) == 1
  changed = drop(ARGV[at]) or marked or changed
  at = at + 1
end
if ARGV[at] and redis.call('HEXISTS', STATE, HOLDER) == 0 then
  live()
end
while ARGV[at] do
  local id, weight, age, line, row = unpack(ARGV, at, at + 4)
  if redis.call('ZSCORE', CANCELLED, id) then
    answer[#answer + 1], answer[#answer + 2] = id, '-'
  elseif redis.call('HEXISTS', LEASES, id) == 0 and redis.call('HEXISTS', WAITERS, id) == 0 then
    changed = true
    position = position + 1
    local queuedAt = now - age
    redis.call('HSET', WAITERS, id, whole(token) .. ' ' .. whole(queuedAt) .. ' ' .. whole(position) .. ' ' .. row)
    redis.call('ZADD', WEIGHTS, weight, id)
    redis.call('ZADD', LINES, 0, toMember(id, line, queuedAt, position))
  end
  at = at + 5
end
for _, part in ipairs(advance(changed)) do
  answer[#answer + 1] = part
end
answer[1] = redis.call('HLEN', WAITERS) + redis.call('ZCARD', CANCELLED)
return answer
