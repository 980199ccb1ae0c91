local microseconds = toMicroseconds()
local now = math.floor(microseconds / 1000)
