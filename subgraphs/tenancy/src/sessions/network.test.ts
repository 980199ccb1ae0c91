import { expect, test } from 'vitest'
import { toCoarseNetwork, toNetwork } from './network.ts'

test.each([
  ['203.0.113.7', '203.0.113.7', '203.0.113.0/24'],
  ['::ffff:203.0.113.7', '203.0.113.7', '203.0.113.0/24'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64', '2001:db8:1::/48'],
  ['2001:0db8::1', '2001:db8:0:0::/64', '2001:db8:0::/48'],
  ['::1', '0:0:0:0::/64', '0:0:0::/48'],
])('%s is counted as %s and shown as %s', (caller, counted, shown) => {
  expect(toNetwork(caller)).toBe(counted)
  expect(toCoarseNetwork(caller)).toBe(shown)
})

test('two addresses of one IPv6 household are counted as one, and a caller who is not known as nobody', () => {
  expect(toNetwork('2001:db8:1:2:aaaa::1')).toBe(toNetwork('2001:db8:1:2::ffff'))
  expect([toNetwork(undefined), toCoarseNetwork(undefined)]).toEqual(['unknown', null])
})
