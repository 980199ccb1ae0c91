import { afterAll, beforeAll, expect, test } from 'vitest'
import { keyScopes, scopesOf, type Viewer } from '@passerelle/platform/schema'
import { useKeys, type Made } from './api-key.testing.ts'
import { openTestTenancy, type TestTenancy } from '../tenancy.testing.ts'

let town: TestTenancy
let keys: ReturnType<typeof useKeys>

beforeAll(async () => {
  town = await openTestTenancy()
  keys = useKeys(town)
})
afterAll(() => town.close())

test('a key shows its secret once, is kept as a hash, and says who asks', async () => {
  const viewer = await keys.signUp()
  const { token, apiKey } = await keys.create(viewer)
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
  expect(await keys.holderOf(token)).toMatchObject({
    organizationId: viewer.organizationId,
    scopes: ['document:read', 'record:write'],
  })
  expect(JSON.stringify(await keys.list(viewer))).not.toContain(token.slice(36, 70))
})

test('a key lives for a year unless told, and never longer than two', async () => {
  const viewer = await keys.signUp()
  const days = ({ apiKey }: Made): number => Math.round((Date.parse(apiKey.expiresAt) - Date.now()) / 86_400_000)
  const inDays = (count: number): string => new Date(Date.now() + count * 86_400_000).toISOString()
  expect(days(await keys.create(viewer))).toBe(365)
  expect(days(await keys.create(viewer, { expiresAt: inDays(30) }))).toBe(30)
  expect(days(await keys.create(viewer, { expiresAt: inDays(730) }))).toBe(730)
  for (const expiresAt of [inDays(-1), inDays(732)])
    expect(await keys.create(viewer, { expiresAt })).toMatchObject({ __typename: 'InvalidInput', path: ['expiresAt'] })
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
  expect(await keys.create(await keys.signUp(), change)).toMatchObject({ __typename: 'InvalidInput', path })
})

test('nobody gives a key what they do not hold, and only who manages keys makes, lists or ends one', async () => {
  const owner = await keys.signUp()
  const { apiKey } = await keys.create(owner)
  const clerk: Viewer = { ...owner, roles: ['OPERATOR'], scopes: [...scopesOf(['OPERATOR']), 'key:manage'] }
  expect(await keys.create(clerk, { scopes: ['document:read', 'audit:read'] })).toMatchObject({ path: ['scopes', '1'] })
  const text = `query { apiKeyScopes(kind: INTERNAL) }`
  const { apiKeyScopes } = await town.client.data<{ apiKeyScopes: string[] }>(clerk, text)
  expect(apiKeyScopes).toEqual(keyScopes.INTERNAL.filter((scope) => clerk.scopes.includes(scope)))
  const manager: Viewer = { ...owner, roles: ['MANAGER'], scopes: scopesOf(['MANAGER']) }
  expect((await keys.create(manager)).__typename).toBe('NotAllowed')
  expect((await keys.rotate(manager, apiKey.id, 0)).__typename).toBe('NotAllowed')
  expect((await keys.revoke(manager, apiKey.id)).__typename).toBe('NotAllowed')
  const { errors } = await town.client.ask(manager, `{ apiKeys { nodes { id } } }`)
  expect(errors?.[0]?.extensions?.code).toBe('FORBIDDEN')
})

test('a key makes, rotates and ends no key, whatever it holds', async () => {
  const owner = await keys.signUp()
  const { apiKey } = await keys.create(owner)
  const program: Viewer = { ...owner, userId: null, sessionId: null, roles: [], keyId: apiKey.id }
  expect((await keys.create(program)).__typename).toBe('NotAllowed')
  expect((await keys.rotate(program, apiKey.id, 0)).__typename).toBe('NotAllowed')
  expect((await keys.revoke(program, apiKey.id)).__typename).toBe('NotAllowed')
})

test('another organisation neither sees a key nor touches it', async () => {
  const [owner, stranger] = [await keys.signUp(), await keys.signUp()]
  const { apiKey, token } = await keys.create(owner)
  expect(await keys.list(stranger)).toEqual([])
  const found = await town.client.data(stranger, `query ($id: ID!) { apiKey(id: $id) { id } }`, { id: apiKey.id })
  expect(found).toEqual({ apiKey: null })
  expect((await keys.rotate(stranger, apiKey.id, 0)).__typename).toBe('NotFound')
  expect((await keys.revoke(stranger, apiKey.id)).__typename).toBe('NotFound')
  expect(await keys.holderOf(token)).not.toBeNull()
})
