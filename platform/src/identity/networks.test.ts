import { expect, test } from 'vitest'
import { isWithin, networkAround, placeOf, toNetwork } from './networks.ts'

test.each([
  ['203.0.113.0/24', '203.0.113.0/24'],
  [' 203.0.113.7 ', '203.0.113.7/32'],
  ['2001:db8::/48', '2001:db8::/48'],
  ['2001:db8::1', '2001:db8::1/128'],
  ['0.0.0.0/0', '0.0.0.0/0'],
  ['203.0.113.0/33', null],
  ['203.0.113.0/-1', null],
  ['203.0.113.0/24/8', null],
  ['203.0.113', null],
  ['example.org', null],
  ['fe80::1%eth0', null],
  ['', null],
])('%j is the network %s', (text, network) => {
  expect(toNetwork(text)).toBe(network)
})

test('an address is in a network or not, whichever way it is written', () => {
  const networks = ['203.0.113.0/24', '2001:db8::/48']
  for (const inside of ['203.0.113.9', '::ffff:203.0.113.9', '2001:db8:0:1::9'])
    expect([inside, isWithin(networks, inside)]).toEqual([inside, true])
  for (const outside of ['203.0.114.9', '::ffff:203.0.114.9', '2001:db9::9', 'nonsense', undefined])
    expect([outside, isWithin(networks, outside)]).toEqual([outside, false])
  expect(isWithin([], undefined)).toBe(true)
})

test.each([
  ['203.0.113.9', '203.0.113.0/24'],
  ['::ffff:203.0.113.9', '203.0.113.0/24'],
  ['2001:DB8:1:2:3:4:5:6', '2001:db8:1::/48'],
  ['2001:db8::9', '2001:db8:0::/48'],
  ['2001:0db8::1', '2001:db8:0::/48'],
  ['fe80::1%eth0', 'fe80:0:0::/48'],
  ['::1', '0:0:0::/48'],
  ['nonsense', null],
  [undefined, null],
])('around %s is %s', (address, network) => {
  expect(networkAround(address)).toBe(network)
})

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['2001:DB8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['nonsense', 'nonsense'],
  [undefined, 'unknown'],
])('%s is counted as %s', (address, place) => {
  expect(placeOf(address)).toBe(place)
})

test('two addresses of one IPv6 household are one place', () => {
  expect(placeOf('2001:db8:1:2:aaaa::1')).toBe(placeOf('2001:db8:1:2::ffff'))
})
