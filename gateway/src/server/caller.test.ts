import { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { callerOf } from './caller.ts'

function asked(remoteAddress: string, forwarded?: string) {
  const socket = Object.defineProperties(new Socket(), {
    remoteAddress: { value: remoteAddress },
    remoteFamily: { value: remoteAddress.includes(':') ? 'IPv6' : 'IPv4' },
  })
  return callerOf({ headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }, socket })
}

test.each([
  { name: 'the other end, without a proxy', remote: '203.0.113.7', forwarded: undefined, caller: '203.0.113.7' },
  { name: 'what a proxy near by says', remote: '::ffff:172.18.0.2', forwarded: '203.0.113.7', caller: '203.0.113.7' },
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
  { name: 'the other end, when a proxy says nothing', remote: '::1', forwarded: ' ', caller: '::1' },
])('the caller is $name', ({ remote, forwarded, caller }) => {
  expect(asked(remote, forwarded)).toBe(caller)
})
