-- The clock is the server's, so that no two processes can disagree about a lease's end.
local function toMicroseconds()
  local clock = redis.call('TIME')
  return clock[1] * 1000000 + clock[2]
end

-- Numbers above 2^46 are written out in full, for Lua would lose digits.
local function whole(number)
  return string.format('%.0f', number)
end
