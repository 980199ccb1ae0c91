-- The values of a list, oldest first, after the milliseconds it has to live; nothing when there is none.
if redis.call('TYPE', KEYS[1]).ok ~= 'list' then
  return {}
end
local elements = redis.call('LRANGE', KEYS[1], 1, -1)
local answer = { redis.call('PTTL', KEYS[1]) }
for index = 1, #elements, 2 do
  answer[#answer + 1] = elements[index]
end
return answer
