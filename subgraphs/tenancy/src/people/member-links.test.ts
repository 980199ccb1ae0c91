import { afterAll, beforeAll, expect, test } from 'vitest'
import { memberRightsKey } from '@passerelle/platform/identity'
import { lastApiKeyChange } from '@passerelle/platform/identity/api-keys'
import type { Role, Viewer } from '@passerelle/platform/schema'
import { makeLink, openLink } from '@passerelle/platform/blobs/links'
import { useKeys, type Made } from '../api-keys/api-key.testing.ts'
import { changeMemberRoles } from './member.ts'
import { openTestTenancy, type TestTenancy } from '../tenancy.testing.ts'

let town: TestTenancy
let keys: ReturnType<typeof useKeys>

beforeAll(async () => {
  town = await openTestTenancy()
  keys = useKeys(town)
})

afterAll(() => town.close())

const purpose = 'audit export'
const scope = 'audit:read'

function linkOf(viewer: Viewer): string {
  const expiresAt = new Date(Date.now() + 60 * 60_000)
  return makeLink(town.platform, viewer, { path: '/exports/audit/a.csv', purpose, subjectId: 'CSV', expiresAt })
}

async function opens(url: string): Promise<boolean> {
  return (await openLink(town.platform, { url, purpose, scope })) !== null
}

async function ask(viewer: Viewer, text: string, variables: object): Promise<void> {
  const { answer } = await town.client.data<{ answer: { __typename: string } }>(viewer, text, { ...variables })
  expect(answer.__typename).toMatch(/^Member/)
}

function giveRoles(viewer: Viewer, userId: string | null, roles: Role[]): Promise<void> {
  const text = `mutation ($input: ChangeMemberRolesInput!) { answer: changeMemberRoles(input: $input) { __typename } }`
  return ask(viewer, text, { input: { userId, roles } })
}

/** An owner, and an administrator of theirs with a key and a link by each. */
async function house() {
  const [owner, elsewhere] = [await keys.signUp(), await keys.signUp()]
  const { organizationId } = owner
  await town.platform.database.asOwner(
    `insert into tenancy.member (organization_id, user_id, roles) values ($1, $2, '{ADMIN}')`,
    [organizationId, elsewhere.userId],
  )
  const admin = { ...elsewhere, organizationId, roles: ['ADMIN'] } satisfies Viewer
  const key = await keys.create(admin, { scopes: [scope] })
  const program: Viewer = { ...admin, userId: null, sessionId: null, roles: [], keyId: key.apiKey.id }
  return { owner, admin, key, links: { person: linkOf(admin), program: linkOf(program), owner: linkOf(owner) } }
}

const changeOf = ({ apiKey }: Made) => lastApiKeyChange(town.platform.coordination, apiKey.id)

test('who may do less opens no link from before that took more, nor does their key, and nobody else loses theirs', async () => {
  const { owner, admin, key, links } = await house()
  expect(await Promise.all(Object.values(links).map(opens))).toEqual([true, true, true])
  const before = await changeOf(key)
  await giveRoles(owner, admin.userId, ['PARTNER'])
  expect(await Promise.all(Object.values(links).map(opens))).toEqual([false, false, true])
  // Every process is told that the key is not any more what it remembers of it.
  expect(await changeOf(key)).not.toBe(before)
  await giveRoles(owner, admin.userId, ['ADMIN'])
  expect(await Promise.all(Object.values(links).map(opens))).toEqual([true, true, true])
})

test('of two changes at once the later one holds, also where the earlier one is told after it', async () => {
  const { owner, admin, links } = await house()
  const { coordination } = town.platform
  const [told, later] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const set: typeof coordination.memory.set = async (...given) => {
    told.resolve()
    await later.promise
    await coordination.memory.set(...given)
  }
  const slow = { ...town.platform, coordination: { ...coordination, memory: { ...coordination.memory, set } } }
  const earlier = changeMemberRoles(
    slow,
    { ...owner, userId: String(owner.userId) },
    { userId: String(admin.userId), roles: ['ADMIN', 'PARTNER'] },
  )
  await told.promise
  await giveRoles(owner, admin.userId, ['PARTNER'])
  const version = () => coordination.memory.get(admin.organizationId, memberRightsKey(String(admin.userId)))
  const least = await version()
  later.resolve()
  await earlier
  expect(await Promise.all(Object.values(links).map(opens))).toEqual([false, false, true])
  expect(await version()).toBe(least)
})

test('a right that is kept back ends the links that it made', async () => {
  const { owner, admin, links } = await house()
  const text = `mutation ($input: ChangeMemberScopesInput!) { answer: changeMemberScopes(input: $input) { __typename } }`
  await ask(owner, text, { input: { userId: admin.userId, granted: [], withheld: [scope] } })
  expect([await opens(links.person), await opens(links.program)]).toEqual([false, false])
})

test('who answers for a key from now on bounds the links that it made', async () => {
  const { owner, admin, key, links } = await house()
  await giveRoles(owner, admin.userId, ['PARTNER'])
  expect((await keys.rotate(owner, key.apiKey.id, 0)).__typename).toBe('NewApiKey')
  expect([await opens(links.person), await opens(links.program)]).toEqual([false, true])
})

test('who was taken out and comes back makes links with the rights of that moment', async () => {
  const { owner, admin } = await house()
  await giveRoles(owner, admin.userId, ['PARTNER'])
  const text = `mutation ($userId: ID!) { answer: removeMember(userId: $userId) { __typename } }`
  await ask(owner, text, { userId: admin.userId })
  expect(await opens(linkOf({ ...admin, sessionId: 'ses_of_later' }))).toBe(true)
})
