import { afterAll, beforeAll, expect, test } from 'vitest'
import { accessEnded } from '@passerelle/platform/identity'
import { roles as allRoles, scopes, scopesOf, type Role, type Viewer } from '@passerelle/platform/schema'
import { openTestTenancy, type Session, type TestTenancy } from '../tenancy.testing.ts'

let town: TestTenancy

beforeAll(async () => {
  town = await openTestTenancy()
})

afterAll(() => town.close())

interface Answer {
  __typename: string
  code?: string
  path?: string[]
  scopes?: string[]
  grantedScopes?: string[]
  withheldScopes?: string[]
  roles?: string[]
  sessionsEnded?: number
}

const member = `__typename ... on Refusal { code } ... on InvalidInput { path } ... on Member { roles scopes grantedScopes withheldScopes }`

async function giveScopes(viewer: Viewer, userId: string | null, given: { granted?: string[]; withheld?: string[] }) {
  const text = `mutation ($input: ChangeMemberScopesInput!) { answer: changeMemberScopes(input: $input) { ${member} } }`
  const input = { userId, granted: [], withheld: [], ...given }
  return (await town.client.data<{ answer: Answer }>(viewer, text, { input })).answer
}

async function giveRoles(viewer: Viewer, userId: string | null, roles: Role[]) {
  const text = `mutation ($input: ChangeMemberRolesInput!) { answer: changeMemberRoles(input: $input) { ${member} } }`
  return (await town.client.data<{ answer: Answer }>(viewer, text, { input: { userId, roles } })).answer
}

async function remove(viewer: Viewer, userId: string | null) {
  const text = `mutation ($userId: ID!) { answer: removeMember(userId: $userId) { __typename ... on Refusal { code } ... on MemberRemoved { sessionsEnded } } }`
  return (await town.client.data<{ answer: Answer }>(viewer, text, { userId })).answer
}

async function isRefused({ accessToken }: Session): Promise<boolean> {
  const verified = await town.platform.keys.verifyAccessToken(accessToken)
  return !verified || (await accessEnded(town.platform.coordination, verified))
}

/** An organisation's owner, and a way to have members of it who are logged in there. */
async function house() {
  const owner = await town.viewerOf(await town.signUp())
  const hire = async (held: Role[]): Promise<{ session: Session; viewer: Viewer; email: string }> => {
    const elsewhere = await town.signUp({ password: 'le bon mot de passe' })
    const { userId } = await town.viewerOf(elsewhere)
    await town.platform.database.asOwner(
      'insert into tenancy.member (organization_id, user_id, roles) values ($1, $2, $3)',
      [owner.organizationId, userId, held],
    )
    const text = `mutation ($id: ID!) { session: switchOrganization(organizationId: $id) { ... on Session { accessToken refreshToken } } }`
    const { session } = await town.client.data<{ session: Session }>(await town.viewerOf(elsewhere), text, {
      id: owner.organizationId,
    })
    return { session, viewer: await town.viewerOf(session), email: elsewhere.viewer.user.email }
  }
  return { owner, hire }
}

test('changed roles hold at once: the token before is refused, and the session goes on with the new ones', async () => {
  const { owner, hire } = await house()
  const { session, viewer } = await hire(['MANAGER'])
  expect(await isRefused(session)).toBe(false)
  expect(await giveRoles(owner, viewer.userId, ['DRIVER'])).toMatchObject({ roles: ['DRIVER'] })
  expect(await isRefused(session)).toBe(true)
  const renewed = await town.refresh(session.refreshToken)
  expect([await isRefused(renewed), renewed.viewer.scopes]).toEqual([false, scopesOf(['DRIVER'])])
})

test('what is given as it was is no change: the token before goes on', async () => {
  const { owner, hire } = await house()
  const { session, viewer } = await hire(['VIEWER', 'DRIVER'])
  expect(await giveRoles(owner, viewer.userId, ['DRIVER', 'VIEWER'])).toMatchObject({ __typename: 'Member' })
  expect(await giveScopes(owner, viewer.userId, {})).toMatchObject({ __typename: 'Member' })
  expect(await isRefused(session)).toBe(false)
})

test('a scope is given beside the roles or kept back, holds at once, and ends when it is taken away', async () => {
  const { owner, hire } = await house()
  const { session, viewer } = await hire(['VIEWER'])
  const given = { granted: ['answer:ask'], withheld: ['graph:read'] }
  expect(await giveScopes(owner, viewer.userId, given)).toEqual({
    __typename: 'Member',
    roles: ['VIEWER'],
    scopes: ['document:read', 'record:read', 'answer:ask', 'member:read'],
    grantedScopes: ['answer:ask'],
    withheldScopes: ['graph:read'],
  })
  expect(await isRefused(session)).toBe(true)
  const renewed = await town.refresh(session.refreshToken)
  expect(renewed.viewer.scopes).toEqual(['document:read', 'record:read', 'answer:ask', 'member:read'])
  await giveScopes(owner, viewer.userId, {})
  expect(await isRefused(renewed)).toBe(true)
  expect((await town.refresh(renewed.refreshToken)).viewer.scopes).toEqual(scopesOf(['VIEWER']))
})

test('nobody gives what they do not hold, to others or to themselves, or touches somebody who holds more', async () => {
  const { owner, hire } = await house()
  const { session, viewer } = await hire(['MANAGER'])
  const { viewer: clerk } = await hire(['VIEWER'])
  const { viewer: admin } = await hire(['ADMIN'])
  await giveScopes(owner, viewer.userId, { granted: ['member:manage'] })
  const lead = await town.viewerOf(await town.refresh(session.refreshToken))
  expect((await giveScopes(lead, clerk.userId, { granted: ['document:write'] })).__typename).toBe('Member')
  const refused = await Promise.all([
    giveScopes(lead, clerk.userId, { granted: ['audit:read'] }),
    giveScopes(lead, lead.userId, { granted: ['member:manage', 'key:manage'] }),
    giveRoles(lead, clerk.userId, ['ADMIN']),
    giveRoles(lead, lead.userId, ['OWNER']),
    giveRoles(lead, admin.userId, ['VIEWER']),
    remove(lead, admin.userId),
    remove(lead, owner.userId),
    giveScopes(admin, owner.userId, {}),
    giveRoles(admin, lead.userId, ['OWNER']),
    remove(admin, owner.userId),
  ])
  expect(refused.map(({ code }) => code)).toEqual(refused.map(() => 'NOT_ALLOWED'))
  // A token that says more than the rows of this moment gives no more than they do.
  const forged: Viewer = { ...lead, roles: ['OWNER'], scopes }
  expect((await giveRoles(forged, clerk.userId, ['OWNER'])).code).toBe('NOT_ALLOWED')
})

test('nothing is kept from an owner; a scope that is none, or given and kept back at once, is refused', async () => {
  const { owner, hire } = await house()
  const { viewer } = await hire(['VIEWER'])
  const path = async (userId: string | null, given: { granted?: string[]; withheld?: string[] }) =>
    (await giveScopes(owner, userId, given)).path?.[0]
  expect(await path(owner.userId, { withheld: ['audit:read'] })).toBe('withheld')
  expect(await path(viewer.userId, { granted: ['everything'] })).toBe('granted')
  expect(await path(viewer.userId, { granted: ['audit:read'], withheld: ['audit:read'] })).toBe('withheld')
})

test('a member who is removed is out at once, keeps their account, and may be told of another organisation’s nothing', async () => {
  const { owner, hire } = await house()
  const { session, viewer, email } = await hire(['OPERATOR'])
  const stranger = await town.viewerOf(await town.signUp())
  expect((await remove(stranger, viewer.userId)).__typename).toBe('NotFound')
  expect((await remove(viewer, viewer.userId)).__typename).toBe('NotAllowed')
  expect(await remove(owner, viewer.userId)).toEqual({ __typename: 'MemberRemoved', sessionsEnded: 1 })
  expect(await isRefused(session)).toBe(true)
  expect((await town.refresh(session.refreshToken)).__typename).toBe('InvalidCredentials')
  expect((await remove(owner, viewer.userId)).__typename).toBe('NotFound')
  const home = await town.logIn(email, 'le bon mot de passe')
  expect(home.viewer.organization.id).not.toBe(owner.organizationId)
})

test('of two owners who remove each other at the same moment one stays, and the last owner cannot go', async () => {
  for (let turn = 0; turn < 5; turn++) {
    const { owner, hire } = await house()
    const { viewer: second } = await hire(['OWNER'])
    const both = await Promise.all([remove(owner, second.userId), remove(second, owner.userId)])
    expect(both.map(({ __typename }) => __typename).toSorted()).toEqual(['MemberRemoved', 'NotAllowed'])
    const left = both[0]?.__typename === 'MemberRemoved' ? owner : second
    expect((await remove(left, left.userId)).__typename).toBe('InvalidInput')
  }
})

test('a member of every role sees what each role allows, and a program cannot change who may do what', async () => {
  const { owner, hire } = await house()
  const { viewer: driver } = await hire(['DRIVER'])
  const { roles, permissions } = await town.client.data<{
    roles: { role: Role; scopes: string[] }[]
    permissions: { scope: string; noun: string }[]
  }>(driver, '{ roles { role scopes } permissions { scope noun description } }')
  expect(roles).toEqual(allRoles.map((role) => ({ role, scopes: scopesOf([role]) })))
  expect(permissions.map(({ scope }) => scope)).toEqual(scopes)
  expect(permissions[0]).toMatchObject({ scope: 'document:read', noun: 'document' })
  const nobody = await town.client.ask(null, '{ roles { role } }')
  expect(nobody.errors[0]?.extensions?.code).toBe('UNAUTHENTICATED')
  const program: Viewer = { ...owner, userId: null, sessionId: null, keyId: 'key_1' }
  expect((await giveRoles(program, driver.userId, ['VIEWER'])).code).toBe('NOT_ALLOWED')
  expect((await giveScopes(program, driver.userId, {})).code).toBe('NOT_ALLOWED')
  expect((await remove(program, driver.userId)).code).toBe('NOT_ALLOWED')
})
