import { expect, test } from 'vitest'
import { newId } from '../ids/ids.ts'
import { apiKeyStart, isWellTypedApiKey, openApiKeys } from './api-keys.ts'
import { openTokenKeys } from './tokens.ts'

const open = (fill: number) =>
  openApiKeys(openTokenKeys({ tokenKey: new Uint8Array(32).fill(fill), fileKey: new Uint8Array(32) }))
const keys = open(1)

test('a key says its id, and is kept as a hash that it cannot be read from', () => {
  const id = newId('key')
  const { token, hash } = keys.create(id)
  expect(token).toMatch(/^pk_[0-9a-f]{32}_[0-9A-Za-z]{60}$/)
  expect(token.startsWith(apiKeyStart(id))).toBe(true)
  expect(keys.read(token)).toEqual({ id, hash })
  expect(hash).toMatch(/^[\w-]{43}$/)
  expect(token).not.toContain(hash)
})

test('two secrets of one key have nothing in common but the id', () => {
  const id = newId('key')
  const [one, two] = [keys.create(id), keys.create(id)]
  expect(one.token.slice(36)).not.toBe(two.token.slice(36))
  expect(one.hash).not.toBe(two.hash)
})

test('every key that is one character off is known to be mistyped', () => {
  const { token } = keys.create(newId('key'))
  expect(isWellTypedApiKey(token)).toBe(true)
  for (let at = 0; at < token.length; at++) {
    const wrong = `${token.slice(0, at)}${token[at] === '7' ? '8' : '7'}${token.slice(at + 1)}`
    expect([at, isWellTypedApiKey(wrong), keys.read(wrong)]).toEqual([at, false, null])
  }
})

test('a key that somebody made up is refused although it is typed right', () => {
  const { token } = open(2).create(newId('key'))
  expect(isWellTypedApiKey(token)).toBe(true)
  expect(keys.read(token)).toBeNull()
})

test.each(['', 'pk_', 'pk__', `pk_${'0'.repeat(32)}_${'0'.repeat(60)}`, 'a.b.c', `pk_${'a'.repeat(5000)}`])(
  '%s is no key',
  (token) => {
    expect(keys.read(token)).toBeNull()
  },
)
