import { openApiKeys, tellApiKeyChanged } from '@passerelle/platform/identity/api-keys'
import { newId } from '@passerelle/platform/ids'
import { EngineUnavailable } from '@passerelle/platform/schema'
import { engineAway, openTestPlatform, type TestPlatform } from '@passerelle/platform/subgraph/testing'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { FindKeyHolder, KeyHolder } from './key-holder.ts'
import { createVerifyKey } from './verify-key.ts'

let platform: TestPlatform

beforeAll(async () => {
  platform = await openTestPlatform()
})
afterAll(() => platform.close())

/** A key, and a tenancy that answers with the holder that stands there at the moment. */
function open(change: Partial<KeyHolder> = {}) {
  const id = newId('key')
  const { token } = openApiKeys(platform.keys).create(id)
  const place = {
    holder: {
      organizationId: 'org_1',
      kind: 'INTERNAL',
      scopes: ['document:read'],
      networks: [],
      validUntil: new Date(Date.now() + 3_600_000),
      ...change,
    } as KeyHolder | null,
    asked: 0,
  }
  const findHolder: FindKeyHolder = async () => {
    place.asked++
    return place.holder
  }
  const { keys, coordination } = platform
  return { id, token, place, verify: createVerifyKey({ keys, coordination, findHolder }) }
}

test('a key asks as no person, with the scopes it has, and a partner’s as a partner', async () => {
  const internal = open()
  expect((await internal.verify(internal.token))?.viewer).toEqual({
    organizationId: 'org_1',
    userId: null,
    sessionId: null,
    keyId: internal.id,
    clientId: null,
    roles: [],
    scopes: ['document:read'],
  })
  const partner = open({ kind: 'PARTNER' })
  expect((await partner.verify(partner.token))?.viewer.roles).toEqual(['PARTNER'])
})

test('tenancy is asked once in a while, and at once when the key has changed', async () => {
  const { id, token, place, verify } = open()
  await Promise.all([verify(token), verify(token)])
  const asked = place.asked
  await verify(token)
  expect(place.asked).toBe(asked)
  place.holder = null
  await tellApiKeyChanged(platform.coordination, { id, change: newId('chg') })
  expect(await verify(token)).toBeNull()
})

test('what is remembered is over after seconds without anybody telling', async () => {
  const { token, place, verify } = open()
  expect(await verify(token)).not.toBeNull()
  place.holder = null
  vi.useFakeTimers({ now: Date.now() + 6_000, toFake: ['Date'] })
  try {
    expect(await verify(token)).toBeNull()
  } finally {
    vi.useRealTimers()
  }
})

test('keys that were made up never reach tenancy', async () => {
  const { token, place, verify } = open()
  for (const wrong of [
    'pk_',
    `${token}x`,
    token.slice(0, -1),
    token.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
  ])
    expect(await verify(wrong)).toBeNull()
  expect(place.asked).toBe(0)
})

test('a key for some networks is refused from everywhere else, and from nowhere in particular', async () => {
  const { token, verify } = open({ networks: ['203.0.113.0/24'] })
  expect(await verify(token, '203.0.113.9')).not.toBeNull()
  expect(await verify(token, '::ffff:203.0.113.9')).not.toBeNull()
  expect(await verify(token, '198.51.100.9')).toBeNull()
  expect(await verify(token)).toBeNull()
})

test('a key ends with its time although it is still remembered', async () => {
  const { token, verify } = open({ validUntil: new Date(Date.now() + 1_000) })
  expect(await verify(token)).not.toBeNull()
  vi.useFakeTimers({ now: Date.now() + 2_000, toFake: ['Date'] })
  try {
    expect(await verify(token)).toBeNull()
  } finally {
    vi.useRealTimers()
  }
})

test('while changes cannot be told, a key holds for as long as it is remembered; while tenancy is away, nobody knows', async () => {
  const { token, verify, place } = open()
  const coordination = {
    ...platform.coordination,
    memory: engineAway<typeof platform.coordination.memory>('coordination'),
  }
  const alone = createVerifyKey({ keys: platform.keys, coordination, findHolder: async () => place.holder })
  expect(await alone(token)).not.toBeNull()
  expect(await verify(token)).not.toBeNull()
  const away = createVerifyKey({
    keys: platform.keys,
    coordination: platform.coordination,
    findHolder: () => Promise.reject(new EngineUnavailable('tenancy')),
  })
  await expect(away(token)).rejects.toThrow(EngineUnavailable)
  await expect(away(token)).rejects.toThrow(EngineUnavailable)
})
