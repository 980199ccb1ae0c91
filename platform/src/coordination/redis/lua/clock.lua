-- The clock is the server's, so that no two processes can disagree about a lease's end.
local clock = redis.call('TIME')
local microseconds = clock[1] * 1000000 + clock[2]
local now = math.floor(microseconds / 1000)

-- Numbers above 2^46 are written out in full, for Lua would lose digits.
local function whole(number)
  return string.format('%.0f', number)
end
