/**
 * What really happens on the card, kept on a Redis of its own: how much each process uses, who came when, and every moment at which it was
 * too much.
 */
const keys = ['used', 'order', 'exceeded', 'peak'] as const

export const TRUTH = {
  keys,
  used: keys[0],
  order: keys[1],
  exceeded: keys[2],
  peak: keys[3],
  lost: 'lost',
  /** ARGV: process, weight, capacity, label. */
  enter: `
    redis.call('HINCRBY', KEYS[1], ARGV[1], ARGV[2])
    redis.call('RPUSH', KEYS[2], ARGV[4])
    local sum = 0
    for _, weight in ipairs(redis.call('HVALS', KEYS[1])) do sum = sum + weight end
    if sum > tonumber(ARGV[3]) then redis.call('RPUSH', KEYS[3], ARGV[4] .. ' makes ' .. sum) end
    if sum > tonumber(redis.call('GET', KEYS[4]) or 0) then redis.call('SET', KEYS[4], sum) end`,
}
