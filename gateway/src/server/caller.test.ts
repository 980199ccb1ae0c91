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
  ['the other end, without a proxy', '203.0.113.7', undefined, '203.0.113.7'],
  ['what a proxy near by says', '::ffff:172.18.0.2', '203.0.113.7', '203.0.113.7'],
  ['what the nearest proxy says, not what the client made up', '127.0.0.1', '198.51.100.1, 203.0.113.7', '203.0.113.7'],
  ['the other end, when somebody far away claims to be a proxy', '203.0.113.7', '198.51.100.1', '203.0.113.7'],
  ['the other end, when a proxy says nothing', '::1', ' ', '::1'],
])('the caller is %s', (_name, remote, forwarded, caller) => {
  expect(asked(remote, forwarded)).toBe(caller)
})
