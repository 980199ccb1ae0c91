import { afterAll, beforeAll, expect, test } from 'vitest'
import { lastApiKeyChange, openApiKeys } from '@passerelle/platform/identity/api-keys'
import { keyScopes, scopesOf, type Viewer } from '@passerelle/platform/schema'
import { findHolder, type Holder } from './api-key.holder.ts'
import { touchApiKey } from './api-key.store.ts'
import { openTestTenancy, type TestTenancy } from './tenancy.testing.ts'

let town: TestTenancy

beforeAll(async () => {
  town = await openTestTenancy()
})
afterAll(() => town.close())

interface Made {
  __typename: string
  path?: string[]
  code?: string
  token: string
  apiKey: Key
}
interface Key {
  id: string
  state: string
  heldScopes: string[]
  expiresAt: string
  lastUsedAt: string | null
  lastUsedNetwork: string | null
  maker: { id: string } | null
}

const keyFields =
  'id name start kind scopes heldScopes networks state expiresAt lastUsedAt lastUsedNetwork previousValidUntil maker { id }'
const made = `__typename ... on Refusal { code } ... on InvalidInput { path } ... on NewApiKey { token apiKey { ${keyFields} } }`

const signUp = async (): Promise<Viewer> => town.viewerOf(await town.signUp())

async function create(viewer: Viewer, change: Record<string, unknown> = {}): Promise<Made> {
  const input = { name: 'Entrepôt', kind: 'INTERNAL', scopes: ['document:read', 'record:write'], ...change }
  const text = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { ${made} } }`
  return (await town.client.data<{ createApiKey: Made }>(viewer, text, { input })).createApiKey
}

async function rotate(viewer: Viewer, id: string, graceDays: number | null): Promise<Made> {
  const text = `mutation ($id: ID!, $graceDays: Int) { rotateApiKey(id: $id, graceDays: $graceDays) { ${made} } }`
  return (await town.client.data<{ rotateApiKey: Made }>(viewer, text, { id, graceDays })).rotateApiKey
}

async function revoke(viewer: Viewer, id: string): Promise<{ __typename: string; state?: string }> {
  const text = `mutation ($id: ID!) { revokeApiKey(id: $id) { __typename ... on ApiKey { state } } }`
  return (await town.client.data<{ revokeApiKey: { __typename: string } }>(viewer, text, { id })).revokeApiKey
}

async function list(viewer: Viewer, states: string[] | null = null): Promise<Key[]> {
  const text = `query ($states: [ApiKeyState!]) { apiKeys(states: $states) { nodes { ${keyFields} } } }`
  return (await town.client.data<{ apiKeys: { nodes: Key[] } }>(viewer, text, { states })).apiKeys.nodes
}

async function holderOf(token: string, caller?: string): Promise<Holder | null> {
  const read = openApiKeys(town.platform.keys).read(token)
  return read && findHolder(town.platform, { ...read, caller })
}

async function withRoles(viewer: Viewer, roles: string): Promise<void> {
  await town.platform.database.asOwner(`update tenancy.member set roles = $2 where user_id = $1`, [
    viewer.userId,
    roles,
  ])
}

test('a key shows its secret once, is kept as a hash, and says who asks', async () => {
  const viewer = await signUp()
  const { token, apiKey } = await create(viewer)
  expect(apiKey).toMatchObject({
    name: 'Entrepôt',
    state: 'ACTIVE',
    heldScopes: ['document:read', 'record:write'],
    lastUsedAt: null,
    maker: { id: viewer.userId },
  })
  const [row] = await town.platform.database.asOwner<{ text: string }>(
    `select row_to_json(api_key)::text as text from tenancy.api_key where id = $1`,
    [apiKey.id],
  )
  expect(row?.text).not.toContain(token.slice(36, 70))
  expect(await holderOf(token)).toMatchObject({
    organizationId: viewer.organizationId,
    scopes: ['document:read', 'record:write'],
  })
  expect(JSON.stringify(await list(viewer))).not.toContain(token.slice(36, 70))
})

test('a key lives for a year unless told, and never longer than two', async () => {
  const viewer = await signUp()
  const days = ({ apiKey }: Made): number => Math.round((Date.parse(apiKey.expiresAt) - Date.now()) / 86_400_000)
  const inDays = (count: number): string => new Date(Date.now() + count * 86_400_000).toISOString()
  expect(days(await create(viewer))).toBe(365)
  expect(days(await create(viewer, { expiresAt: inDays(30) }))).toBe(30)
  expect(days(await create(viewer, { expiresAt: inDays(730) }))).toBe(730)
  for (const expiresAt of [inDays(-1), inDays(732)])
    expect(await create(viewer, { expiresAt })).toMatchObject({ __typename: 'InvalidInput', path: ['expiresAt'] })
})

test.each([
  [{ name: ' ' }, ['name']],
  [{ name: 'x'.repeat(81) }, ['name']],
  [{ scopes: [] }, ['scopes']],
  [{ scopes: ['document:read', 'document:burn'] }, ['scopes', '1']],
  [{ scopes: ['key:manage'] }, ['scopes', '0']],
  [{ scopes: ['member:manage'] }, ['scopes', '0']],
  [{ kind: 'PARTNER', scopes: ['graph:read'] }, ['scopes', '0']],
  [{ networks: ['203.0.113.0/24', 'example.org'] }, ['networks', '1']],
  [{ networks: ['203.0.113.0/40'] }, ['networks', '0']],
])('a key that cannot be is refused, and the field named: %j', async (change, path) => {
  expect(await create(await signUp(), change)).toMatchObject({ __typename: 'InvalidInput', path })
})

test('nobody gives a key what they do not hold, and only who manages keys makes, lists or ends one', async () => {
  const owner = await signUp()
  const { apiKey } = await create(owner)
  const clerk: Viewer = { ...owner, roles: ['OPERATOR'], scopes: [...scopesOf(['OPERATOR']), 'key:manage'] }
  expect(await create(clerk, { scopes: ['document:read', 'audit:read'] })).toMatchObject({ path: ['scopes', '1'] })
  const text = `query { apiKeyScopes(kind: INTERNAL) }`
  const { apiKeyScopes } = await town.client.data<{ apiKeyScopes: string[] }>(clerk, text)
  expect(apiKeyScopes).toEqual(keyScopes.INTERNAL.filter((scope) => clerk.scopes.includes(scope)))
  const manager: Viewer = { ...owner, roles: ['MANAGER'], scopes: scopesOf(['MANAGER']) }
  expect((await create(manager)).__typename).toBe('NotAllowed')
  expect((await rotate(manager, apiKey.id, 0)).__typename).toBe('NotAllowed')
  expect((await revoke(manager, apiKey.id)).__typename).toBe('NotAllowed')
  const { errors } = await town.client.ask(manager, `{ apiKeys { nodes { id } } }`)
  expect(errors?.[0]?.extensions?.code).toBe('FORBIDDEN')
})

test('a key makes, rotates and ends no key, whatever it holds', async () => {
  const owner = await signUp()
  const { apiKey } = await create(owner)
  const program: Viewer = { ...owner, userId: null, sessionId: null, roles: [], keyId: apiKey.id }
  expect((await create(program)).__typename).toBe('NotAllowed')
  expect((await rotate(program, apiKey.id, 0)).__typename).toBe('NotAllowed')
  expect((await revoke(program, apiKey.id)).__typename).toBe('NotAllowed')
})

test('another organisation neither sees a key nor touches it', async () => {
  const [owner, stranger] = [await signUp(), await signUp()]
  const { apiKey, token } = await create(owner)
  expect(await list(stranger)).toEqual([])
  const found = await town.client.data(stranger, `query ($id: ID!) { apiKey(id: $id) { id } }`, { id: apiKey.id })
  expect(found).toEqual({ apiKey: null })
  expect((await rotate(stranger, apiKey.id, 0)).__typename).toBe('NotFound')
  expect((await revoke(stranger, apiKey.id)).__typename).toBe('NotFound')
  expect(await holderOf(token)).not.toBeNull()
})

test('a revoked key is nobody’s at once, every process is told, and it stays revoked', async () => {
  const owner = await signUp()
  const { apiKey, token } = await create(owner)
  const before = await lastApiKeyChange(town.platform.coordination, apiKey.id)
  expect(await revoke(owner, apiKey.id)).toEqual({ __typename: 'ApiKey', state: 'REVOKED' })
  expect(await holderOf(token)).toBeNull()
  expect(await lastApiKeyChange(town.platform.coordination, apiKey.id)).not.toBe(before)
  expect(await revoke(owner, apiKey.id)).toEqual({ __typename: 'ApiKey', state: 'REVOKED' })
  expect(await rotate(owner, apiKey.id, 0)).toMatchObject({ __typename: 'InvalidInput', path: ['id'] })
})

test('of two secrets the old one holds for the days of grace, and with none not at all', async () => {
  const owner = await signUp()
  const first = await create(owner)
  const second = await rotate(owner, first.apiKey.id, 7)
  expect(second.token).not.toBe(first.token)
  expect((await holderOf(second.token))?.validUntil.toISOString()).toBe(first.apiKey.expiresAt)
  const days = Math.round(((await holderOf(first.token))?.validUntil.getTime() ?? 0) - Date.now()) / 86_400_000
  expect(Math.round(days)).toBe(7)
  const third = await rotate(owner, first.apiKey.id, 0)
  expect(await holderOf(first.token)).toBeNull()
  expect(await holderOf(second.token)).toBeNull()
  expect(await holderOf(third.token)).not.toBeNull()
  for (const graceDays of [-1, 8])
    expect(await rotate(owner, first.apiKey.id, graceDays)).toMatchObject({ path: ['graceDays'] })
})

test('when the days of grace are over the old secret is nobody’s', async () => {
  const owner = await signUp()
  const first = await create(owner)
  await rotate(owner, first.apiKey.id, 1)
  await town.platform.database.asOwner(
    `update tenancy.api_key set previous_valid_until = now() - interval '1 second' where id = $1`,
    [first.apiKey.id],
  )
  expect(await holderOf(first.token)).toBeNull()
})

test('a key that has expired is nobody’s and says so in the list', async () => {
  const owner = await signUp()
  const { apiKey, token } = await create(owner)
  await town.platform.database.asOwner(`update tenancy.api_key set expires_at = now() where id = $1`, [apiKey.id])
  expect(await holderOf(token)).toBeNull()
  expect((await list(owner)).map(({ state }) => state)).toEqual(['EXPIRED'])
  expect(await list(owner, ['ACTIVE', 'REVOKED'])).toEqual([])
  expect((await list(owner, ['EXPIRED'])).map(({ id }) => id)).toEqual([apiKey.id])
})

test('a key can do what its maker can today: less when they are demoted, as before when they are back', async () => {
  const owner = await signUp()
  const { apiKey, token } = await create(owner, { scopes: ['document:read', 'audit:read'] })
  await withRoles(owner, '{VIEWER}')
  expect((await holderOf(token))?.scopes).toEqual(['document:read'])
  const manager: Viewer = { ...owner, scopes: ['key:manage'] }
  expect((await list(manager))[0]?.heldScopes).toEqual(['document:read'])
  await withRoles(owner, '{OWNER}')
  expect((await holderOf(token))?.scopes).toEqual(['document:read', 'audit:read'])
  expect(apiKey.heldScopes).toEqual(['document:read', 'audit:read'])
})

test('when its maker leaves a key is nobody’s, until somebody rotates it and answers for it', async () => {
  const owner = await signUp()
  const guest = await signUp()
  const maker: Viewer = { ...guest, organizationId: owner.organizationId }
  await town.platform.database.asOwner(
    `insert into tenancy.member (organization_id, user_id, roles) values ($1, $2, '{ADMIN}')`,
    [owner.organizationId, guest.userId],
  )
  const { apiKey, token } = await create(maker)
  expect(await holderOf(token)).not.toBeNull()
  await town.platform.database.asOwner(`delete from tenancy.member where organization_id = $1 and user_id = $2`, [
    owner.organizationId,
    guest.userId,
  ])
  expect(await holderOf(token)).toBeNull()
  expect((await list(owner)).map(({ state, heldScopes }) => ({ state, heldScopes }))).toEqual([
    { state: 'WITHOUT_MAKER', heldScopes: [] },
  ])
  const rotated = await rotate(owner, apiKey.id, 0)
  expect(rotated.apiKey).toMatchObject({ state: 'ACTIVE', maker: { id: owner.userId } })
  expect(await holderOf(rotated.token)).not.toBeNull()
})

test('the last use is noted with its network, and not for an address that the key is not for', async () => {
  const owner = await signUp()
  const { token } = await create(owner, { networks: ['203.0.113.0/24'] })
  await holderOf(token, '198.51.100.7')
  await holderOf(token, '::ffff:203.0.113.9')
  const used = async () => (await list(owner))[0]?.lastUsedNetwork
  await expect.poll(used, { timeout: 60_000 }).toBe('203.0.113.0/24')
})

test('a use is written at most once a minute', async () => {
  const owner = await signUp()
  const { apiKey } = await create(owner)
  const touch = (network: string) =>
    town.platform.sql.withOrganization(owner, (tx) => touchApiKey(tx, apiKey.id, network))
  await touch('203.0.113.0/24')
  await touch('198.51.100.0/24')
  expect((await list(owner))[0]?.lastUsedNetwork).toBe('203.0.113.0/24')
  await town.platform.database.asOwner(
    `update tenancy.api_key set last_used_at = last_used_at - interval '61 seconds' where id = $1`,
    [apiKey.id],
  )
  await touch('198.51.100.0/24')
  expect((await list(owner))[0]?.lastUsedNetwork).toBe('198.51.100.0/24')
})

test('every change of a key is a fact and an entry of the audit log, without anything secret', async () => {
  const owner = await signUp()
  const { apiKey, token } = await create(owner)
  await rotate(owner, apiKey.id, 2)
  await revoke(owner, apiKey.id)
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
