import { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { createCallerOf, isFromNear } from './caller.ts'

function socketOf(remoteAddress: string): Socket {
  return Object.defineProperties(new Socket(), {
    remoteAddress: { value: remoteAddress },
    remoteFamily: { value: remoteAddress.includes(':') ? 'IPv6' : 'IPv4' },
  })
}

function asked(remote: string, forwarded?: string, proxies?: string[]): string | undefined {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }
  return createCallerOf(proxies)({ headers, socket: socketOf(remote) })
}

test.each([
  { name: 'the other end, without a proxy', remote: '203.0.113.7', forwarded: undefined, caller: '203.0.113.7' },
  {
    name: 'what a proxy of this machine says',
    remote: '::ffff:127.0.0.1',
    forwarded: '203.0.113.7',
    caller: '203.0.113.7',
  },
  {
    name: 'what the nearest proxy says, not what the client made up',
    remote: '127.0.0.1',
    forwarded: '198.51.100.1, 203.0.113.7',
    caller: '203.0.113.7',
  },
  {
    name: 'the other end, when somebody far away claims to be a proxy',
    remote: '203.0.113.7',
    forwarded: '198.51.100.1',
    caller: '203.0.113.7',
  },
  {
    name: 'the address that a proxy says with the port of the connection',
    remote: '127.0.0.1',
    forwarded: '203.0.113.7:50211',
    caller: '203.0.113.7',
  },
  {
    name: 'the same in the form of IPv6',
    remote: '127.0.0.1',
    forwarded: '[2001:db8::7]:50211',
    caller: '2001:db8::7',
  },
  {
    name: 'an address of IPv6 that ends in digits',
    remote: '127.0.0.1',
    forwarded: '2001:db8::7',
    caller: '2001:db8::7',
  },
  { name: 'the other end, when a proxy says nothing', remote: '::1', forwarded: ' ', caller: '::1' },
])('the caller is $name', ({ remote, forwarded, caller }) => {
  expect(asked(remote, forwarded)).toBe(caller)
})

test.each(['192.168.1.20', '10.0.0.5', '::ffff:172.18.0.2', 'fd00::5', 'fe80::1%eth0'])(
  'a client of the local network, %s, does not choose its own address',
  (remote) => {
    expect(asked(remote, '203.0.113.7')).toBe(remote)
  },
)

test('only proxies that are named are believed', () => {
  const proxies = ['172.18.0.0/16', '10.0.0.2/32', 'fd00::/64']
  for (const remote of ['172.18.0.9', '::ffff:172.18.0.9', '10.0.0.2', 'fd00::9'])
    expect(asked(remote, '198.51.100.1, 203.0.113.7', proxies)).toBe('203.0.113.7')
  for (const remote of ['172.19.0.9', '10.0.0.3', 'fd01::9', '127.0.0.1'])
    expect(asked(remote, '203.0.113.7', proxies)).toBe(remote)
  expect(asked('127.0.0.1', '203.0.113.7', [])).toBe('127.0.0.1')
})

test('who is near and speaks for others without being believed is told of once, and nobody far away is', () => {
  const told: string[] = []
  const callerOf = createCallerOf(['10.0.0.2/32'], (address) => told.push(address))
  const ask = (remote: string, forwarded?: string) =>
    callerOf({ headers: forwarded ? { 'x-forwarded-for': forwarded } : {}, socket: socketOf(remote) })
  for (const [remote, forwarded] of [
    ['10.0.0.2', '203.0.113.7'],
    ['203.0.113.7', '198.51.100.1'],
    ['10.0.0.3'],
  ] as const)
    ask(remote, forwarded)
  expect(told).toEqual([])
  for (const remote of ['10.0.0.3', '10.0.0.3', '10.0.0.4']) expect(ask(remote, '203.0.113.7')).toBe(remote)
  expect(told).toEqual(['10.0.0.3'])
})

test('whoever is near stays near, whether or not they are a proxy that is believed', () => {
  for (const remote of ['127.0.0.1', '10.1.2.3', '::ffff:192.168.1.20', '::1', 'fd00::5'])
    expect(isFromNear({ socket: socketOf(remote) })).toBe(true)
  for (const remote of ['203.0.113.7', '2001:db8::1']) expect(isFromNear({ socket: socketOf(remote) })).toBe(false)
  expect(isFromNear({ socket: new Socket() })).toBe(false)
})
