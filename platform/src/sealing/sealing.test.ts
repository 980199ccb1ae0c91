import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { newId } from '../ids/ids.ts'
import { EngineUnavailable } from '../schema/refusals.ts'
import { createTestDatabase, type TestDatabase } from '../sql/testing.ts'
import { openLocalMasterKey } from './local-master-key.ts'
import { MasterKeyMissing } from './master-key.ts'
import { installation, openSealing, SealBroken, sealedPattern, verifySignature, type Place } from './sealing.ts'
import { openTestSealing, startTestVault, type TestVault } from './testing.ts'
import { openVaultMasterKey } from './vault-master-key.ts'

let database: TestDatabase
let vault: TestVault
const place: Place = { table: 'conciergerie.client', column: 'email', row: 'cli_1' }

beforeAll(async () => {
  database = await createTestDatabase()
  vault = await startTestVault()
})

afterAll(async () => {
  await vault.close()
  await database.drop()
})

test('a value opens where it was closed, and nowhere else', async () => {
  const sealing = openTestSealing(database.sql)
  const [own, foreign] = [await sealing.keysOf(newId('org')), await sealing.keysOf(newId('org'))]
  const sealed = own.seal(place, 'émile@étoile.example')
  expect(sealed).toMatch(sealedPattern)
  expect(own.open(place, sealed)).toBe('émile@étoile.example')
  const elsewhere: Place[] = [
    { ...place, row: 'cli_2' },
    { ...place, column: 'phone' },
    { ...place, table: 'conciergerie.property' },
  ]
  for (const other of elsewhere) expect(() => own.open(other, sealed)).toThrow(SealBroken)
  expect(() => foreign.open(place, sealed)).toThrow(SealBroken)
})

test('a value that was changed by one bit, cut short, or never sealed does not open', async () => {
  const keys = await openTestSealing(database.sql).keysOf(newId('org'))
  const sealed = keys.seal(place, 'a@b.example')
  const [version, id, nonce, body = ''] = sealed.split(':')
  const bytes = Buffer.from(body, 'base64url')
  bytes[0] = (bytes[0] ?? 0) ^ 1
  for (const broken of [
    [version, id, nonce, bytes.toString('base64url')].join(':'),
    [version, id, nonce, body.slice(0, 24)].join(':'),
    [version, 'key_0000000000000000', nonce, body].join(':'),
    'a@b.example',
    '',
  ])
    expect(() => keys.open(place, broken)).toThrow(SealBroken)
  expect(keys.read(place, 'a@b.example')).toBe('a@b.example')
})

test('the same value closed twice does not look the same, and an empty one is a value', async () => {
  const keys = await openTestSealing(database.sql).keysOf(newId('org'))
  expect(keys.seal(place, 'a')).not.toBe(keys.seal(place, 'a'))
  expect(keys.open(place, keys.seal(place, ''))).toBe('')
})

test('a blind index finds the same value in one organisation and says nothing across two', async () => {
  const sealing = openTestSealing(database.sql)
  const [one, other] = [await sealing.keysOf(newId('org')), await sealing.keysOf(newId('org'))]
  expect(one.blindIndex('EMAIL', 'a@b.example')).toBe(one.blindIndex('EMAIL', 'a@b.example'))
  expect(one.blindIndex('EMAIL', 'a@b.example')).not.toBe(other.blindIndex('EMAIL', 'a@b.example'))
  expect(one.blindIndex('EMAIL', 'a@b.example')).not.toBe(one.blindIndex('PHONE', 'a@b.example'))
})

test('processes that make the first key at once share one', async () => {
  const organizationId = newId('org')
  const processes = Array.from({ length: 4 }, () => openTestSealing(database.sql))
  const keys = await Promise.all(processes.map((one) => one.keysOf(organizationId)))
  const [first] = keys
  for (const other of keys) expect(other.open(place, first?.seal(place, 'a') ?? '')).toBe('a')
})

test('after a rotation new values have the new key, and old ones open', async () => {
  const sealing = openTestSealing(database.sql)
  const organizationId = newId('org')
  const before = await sealing.keysOf(organizationId)
  const sealed = before.seal(place, 'a')
  await sealing.rotate({ organizationId })
  const after = await sealing.keysOf(organizationId)
  expect(after.open(place, sealed)).toBe('a')
  expect([before.isCurrent(sealed), after.isCurrent(sealed)]).toEqual([true, false])
  expect(after.blindIndex('EMAIL', 'x')).toBe(before.blindIndex('EMAIL', 'x'))
  const states = await sealing.keys(organizationId)
  expect(states.filter(({ purpose }) => purpose === 'SEAL').map(({ number, writes }) => [number, writes])).toEqual([
    [1, false],
    [2, true],
  ])
})

test('a new key does not write before every process has had time to hear of it', async () => {
  const master = openLocalMasterKey([new Uint8Array(32).fill(7)])
  const slow = openSealing({ sql: database.sql, master, rememberMs: 60_000 })
  const organizationId = newId('org')
  const other = await openSealing({ sql: database.sql, master, rememberMs: 60_000 }).keysOf(organizationId)
  const from = await slow.rotate({ organizationId })
  expect(from.getTime()).toBeGreaterThan(Date.now() + 60_000)
  const sealed = (await slow.keysOf(organizationId)).seal(place, 'a')
  expect(other.open(place, sealed)).toBe('a')
})

test('from the moment that is told on every process writes with the new key, one too that looked right before it began', async () => {
  const master = openLocalMasterKey([new Uint8Array(32).fill(7)])
  const organizationId = newId('org')
  const sealing = openSealing({ sql: database.sql, master, rememberMs: 60_000 })
  vi.useFakeTimers({ toFake: ['Date'] })
  try {
    const former = await sealing.keysOf(organizationId)
    const from = await sealing.rotate({ organizationId })
    const begins = (await sealing.keys(organizationId)).findLast(({ purpose }) => purpose === 'SEAL')?.writesFrom
    vi.setSystemTime((begins?.getTime() ?? 0) - 1)
    expect((await sealing.keysOf(organizationId)).currentPrefix).toBe(former.currentPrefix)
    vi.setSystemTime(from)
    expect((await sealing.keysOf(organizationId)).currentPrefix).not.toBe(former.currentPrefix)
  } finally {
    vi.useRealTimers()
  }
})

test('what is to be done with a new key is done with it, or there is no new key', async () => {
  const sealing = openTestSealing(database.sql)
  const organizationId = newId('org')
  const before = (await sealing.keysOf(organizationId)).currentPrefix
  const failing = sealing.rotate({ organizationId }, () => Promise.reject(new Error('Killed.')))
  await expect(failing).rejects.toThrow('Killed.')
  expect((await sealing.keysOf(organizationId)).currentPrefix).toBe(before)
  expect(await sealing.keys(organizationId)).toHaveLength(2)
})

test('the master key is changed without a value being touched, and the old one is not needed afterwards', async () => {
  const fresh = await createTestDatabase()
  try {
    const [old, young] = [randomBytes(32), randomBytes(32)]
    const organizationId = newId('org')
    const before = openSealing({ sql: fresh.sql, master: openLocalMasterKey([old]), rememberMs: 0 })
    const sealed = (await before.keysOf(organizationId)).seal(place, 'a')
    const both = openSealing({ sql: fresh.sql, master: openLocalMasterKey([young, old]), rememberMs: 0 })
    await both.health()
    expect(await both.rewrap()).toBe(2)
    const after = openSealing({ sql: fresh.sql, master: openLocalMasterKey([young]), rememberMs: 0 })
    await after.health()
    expect((await after.keysOf(organizationId)).open(place, sealed)).toBe('a')
    await expect(before.health()).rejects.toThrow(MasterKeyMissing)
    await expect(before.keysOf(organizationId)).rejects.toThrow(MasterKeyMissing)
  } finally {
    await fresh.drop()
  }
})

test('what is in the database opens nothing, and a wrapped key put under another organisation does not unwrap', async () => {
  const sealing = openTestSealing(database.sql)
  const [one, other] = [newId('org'), newId('org')]
  await sealing.keysOf(one)
  await sealing.keysOf(other)
  const rows = await database.asOwner<{ wrapped: string }>(
    `select wrapped from platform.data_key where organization_id = $1`,
    [one],
  )
  expect(rows).toHaveLength(2)
  await database.asOwner(
    `update platform.data_key as mine set wrapped = theirs.wrapped from platform.data_key as theirs
     where mine.organization_id = $1 and theirs.organization_id = $2 and mine.purpose = theirs.purpose`,
    [one, other],
  )
  await expect(openTestSealing(database.sql).keysOf(one)).rejects.toThrow(/authenticate/)
})

test('once its keys are shredded, nothing of an organisation opens', async () => {
  const sealing = openTestSealing(database.sql)
  const organizationId = newId('org')
  const sealed = (await sealing.keysOf(organizationId)).seal(place, 'a')
  expect(await database.sql.withOrganization({ organizationId }, (tx) => sealing.shred(tx, organizationId))).toBe(2)
  const later = await sealing.keysOf(organizationId)
  expect(() => later.open(place, sealed)).toThrow(SealBroken)
})

test('the installation signs, and whoever has the public key can tell', async () => {
  const sealing = openTestSealing(database.sql)
  const signer = await sealing.signer()
  const signature = signer.sign('what was done')
  const { publicKey } = await openTestSealing(database.sql).signer()
  expect(verifySignature('what was done', { publicKey, signature })).toBe(true)
  expect(verifySignature('what was not done', { publicKey, signature })).toBe(false)
  expect(verifySignature('what was done', { publicKey: 'nothing', signature })).toBe(false)
  const states = await sealing.keys(installation)
  expect(states.map(({ purpose }) => purpose)).toContain('SIGN')
})

test('a key server wraps the keys, also after it has made a new version of its own', async () => {
  const fresh = await createTestDatabase()
  try {
    const open = () => openSealing({ sql: fresh.sql, master: openVaultMasterKey(vault), rememberMs: 0 })
    const organizationId = newId('org')
    const sealed = (await open().keysOf(organizationId)).seal(place, 'a')
    vault.rotate()
    await open().health()
    expect((await open().keysOf(organizationId)).open(place, sealed)).toBe('a')
    expect(await open().rewrap()).toBe(2)
    const rows = await fresh.asOwner<{ wrapped: string }>('select wrapped from platform.data_key')
    expect(rows.every(({ wrapped }) => wrapped.startsWith('vault:v2:'))).toBe(true)
  } finally {
    await fresh.drop()
  }
})

test('a key server that is away, or does not know us, is an engine that does not answer', async () => {
  const away = openVaultMasterKey({ url: 'http://127.0.0.1:9/v1/transit/keys/passerelle', token: 'x' })
  const sealing = openSealing({ sql: database.sql, master: away })
  await expect(sealing.keysOf(newId('org'))).rejects.toMatchObject({ engine: 'sealing' })
  const stranger = openVaultMasterKey({ ...vault, token: 'wrong' })
  await expect(stranger.health()).rejects.toThrow(EngineUnavailable)
})
