import { afterAll, beforeAll, expect, test } from 'vitest'
import { lastApiKeyChange } from '@passerelle/platform/identity/api-keys'
import type { Viewer } from '@passerelle/platform/schema'
import { touchApiKey } from './api-key.store.ts'
import { useKeys } from './api-key.testing.ts'
import { openTestTenancy, type TestTenancy } from '../tenancy.testing.ts'

let town: TestTenancy
let keys: ReturnType<typeof useKeys>

beforeAll(async () => {
  town = await openTestTenancy()
  keys = useKeys(town)
})
afterAll(() => town.close())

test('a revoked key is nobody’s at once, every process is told, and it stays revoked', async () => {
  const owner = await keys.signUp()
  const { apiKey, token } = await keys.create(owner)
  const before = await lastApiKeyChange(town.platform.coordination, apiKey.id)
  expect(await keys.revoke(owner, apiKey.id)).toEqual({ __typename: 'ApiKey', state: 'REVOKED' })
  expect(await keys.holderOf(token)).toBeNull()
  expect(await lastApiKeyChange(town.platform.coordination, apiKey.id)).not.toBe(before)
  expect(await keys.revoke(owner, apiKey.id)).toEqual({ __typename: 'ApiKey', state: 'REVOKED' })
  expect(await keys.rotate(owner, apiKey.id, 0)).toMatchObject({ __typename: 'InvalidInput', path: ['id'] })
})

test('of two secrets the old one holds for the days of grace, and with none not at all', async () => {
  const owner = await keys.signUp()
  const first = await keys.create(owner)
  const second = await keys.rotate(owner, first.apiKey.id, 7)
  expect(second.token).not.toBe(first.token)
  expect((await keys.holderOf(second.token))?.validUntil.toISOString()).toBe(first.apiKey.expiresAt)
  const days = Math.round(((await keys.holderOf(first.token))?.validUntil.getTime() ?? 0) - Date.now()) / 86_400_000
  expect(Math.round(days)).toBe(7)
  const third = await keys.rotate(owner, first.apiKey.id, 0)
  expect(await keys.holderOf(first.token)).toBeNull()
  expect(await keys.holderOf(second.token)).toBeNull()
  expect(await keys.holderOf(third.token)).not.toBeNull()
  for (const graceDays of [-1, 8])
    expect(await keys.rotate(owner, first.apiKey.id, graceDays)).toMatchObject({ path: ['graceDays'] })
})

test('when the days of grace are over the old secret is nobody’s', async () => {
  const owner = await keys.signUp()
  const first = await keys.create(owner)
  await keys.rotate(owner, first.apiKey.id, 1)
  await town.platform.database.asOwner(
    `update tenancy.api_key set previous_valid_until = now() - interval '1 second' where id = $1`,
    [first.apiKey.id],
  )
  expect(await keys.holderOf(first.token)).toBeNull()
})

test('a key that has expired is nobody’s and says so in the list', async () => {
  const owner = await keys.signUp()
  const { apiKey, token } = await keys.create(owner)
  await town.platform.database.asOwner(`update tenancy.api_key set expires_at = now() where id = $1`, [apiKey.id])
  expect(await keys.holderOf(token)).toBeNull()
  expect((await keys.list(owner)).map(({ state }) => state)).toEqual(['EXPIRED'])
  expect(await keys.list(owner, ['ACTIVE', 'REVOKED'])).toEqual([])
  expect((await keys.list(owner, ['EXPIRED'])).map(({ id }) => id)).toEqual([apiKey.id])
})

test('a key can do what its maker can today: less when they are demoted, as before when they are back', async () => {
  const owner = await keys.signUp()
  const { apiKey, token } = await keys.create(owner, { scopes: ['document:read', 'audit:read'] })
  await keys.withRoles(owner, '{VIEWER}')
  expect((await keys.holderOf(token))?.scopes).toEqual(['document:read'])
  const manager: Viewer = { ...owner, scopes: ['key:manage'] }
  expect((await keys.list(manager))[0]?.heldScopes).toEqual(['document:read'])
  await keys.withRoles(owner, '{OWNER}')
  expect((await keys.holderOf(token))?.scopes).toEqual(['document:read', 'audit:read'])
  expect(apiKey.heldScopes).toEqual(['document:read', 'audit:read'])
})

test('when its maker leaves a key is nobody’s, until somebody rotates it and answers for it', async () => {
  const owner = await keys.signUp()
  const guest = await keys.signUp()
  const maker: Viewer = { ...guest, organizationId: owner.organizationId }
  await town.platform.database.asOwner(
    `insert into tenancy.member (organization_id, user_id, roles) values ($1, $2, '{ADMIN}')`,
    [owner.organizationId, guest.userId],
  )
  const { apiKey, token } = await keys.create(maker)
  expect(await keys.holderOf(token)).not.toBeNull()
  await town.platform.database.asOwner(`delete from tenancy.member where organization_id = $1 and user_id = $2`, [
    owner.organizationId,
    guest.userId,
  ])
  expect(await keys.holderOf(token)).toBeNull()
  expect((await keys.list(owner)).map(({ state, heldScopes }) => ({ state, heldScopes }))).toEqual([
    { state: 'WITHOUT_MAKER', heldScopes: [] },
  ])
  const rotated = await keys.rotate(owner, apiKey.id, 0)
  expect(rotated.apiKey).toMatchObject({ state: 'ACTIVE', maker: { id: owner.userId } })
  expect(await keys.holderOf(rotated.token)).not.toBeNull()
})

test('the last use is noted with its network, and not for an address that the key is not for', async () => {
  const owner = await keys.signUp()
  const { token } = await keys.create(owner, { networks: ['203.0.113.0/24'] })
  await keys.holderOf(token, '198.51.100.7')
  await keys.holderOf(token, '::ffff:203.0.113.9')
  const used = async () => (await keys.list(owner))[0]?.lastUsedNetwork
  await expect.poll(used, { timeout: 60_000 }).toBe('203.0.113.0/24')
})

test('a use is written at most once a minute', async () => {
  const owner = await keys.signUp()
  const { apiKey } = await keys.create(owner)
  const touch = (network: string) =>
    town.platform.sql.withOrganization(owner, (tx) => touchApiKey(tx, apiKey.id, network))
  await touch('203.0.113.0/24')
  await touch('198.51.100.0/24')
  expect((await keys.list(owner))[0]?.lastUsedNetwork).toBe('203.0.113.0/24')
  await town.platform.database.asOwner(
    `update tenancy.api_key set last_used_at = last_used_at - interval '61 seconds' where id = $1`,
    [apiKey.id],
  )
  await touch('198.51.100.0/24')
  expect((await keys.list(owner))[0]?.lastUsedNetwork).toBe('198.51.100.0/24')
})

test('every change of a key is a fact and an entry of the audit log, without anything secret', async () => {
  const owner = await keys.signUp()
  const { apiKey, token } = await keys.create(owner)
  await keys.rotate(owner, apiKey.id, 2)
  await keys.revoke(owner, apiKey.id)
  const facts = await town.platform.database.asOwner<{ type: string; payload: unknown }>(
    `select type, payload from platform.fact where organization_id = $1 and type like 'api_key.%' order by position`,
    [owner.organizationId],
  )
  expect(facts.map(({ type }) => type)).toEqual(['api_key.created', 'api_key.rotated', 'api_key.revoked'])
  const entries = await town.platform.database.asOwner<{ action: string; text: string }>(
    `select action, row_to_json(entry)::text as text from platform.audit_entry entry where organization_id = $1 and action like 'api_key.%' order by position`,
    [owner.organizationId],
  )
  expect(entries.map(({ action }) => action)).toEqual(['api_key.created', 'api_key.rotated', 'api_key.revoked'])
  expect(JSON.stringify([facts, entries])).not.toContain(token.slice(36, 60))
})
