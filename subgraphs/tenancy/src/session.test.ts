import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTableMail } from '@passerelle/platform/mail/table'
import { scopesOf, type Viewer } from '@passerelle/platform/schema'
import { createTestClient, openTestPlatform, type TestClient, type TestPlatform } from '@passerelle/platform/subgraph/testing'
import { revokedSessionKey } from '@passerelle/platform/identity'
import { newId } from '@passerelle/platform/ids'
import { tenancy } from './index.ts'

let platform: TestPlatform
let client: TestClient

beforeAll(async () => {
  platform = await openTestPlatform({ sets: [tenancy.migrations] })
  platform.mail = openTableMail({ sql: platform.sql })
  client = createTestClient(platform, tenancy)
})

afterAll(() => platform.close())

interface Session {
  __typename: string
  code?: string
  path?: string[]
  accessToken: string
  refreshToken: string
  viewer: { user: { id: string; email: string; name: string }; organization: { id: string; name: string }; roles: string[]; scopes: string[] }
}

const fields = `__typename ... on Refusal { code } ... on InvalidInput { path }
  ... on Session { accessToken refreshToken viewer { user { id email name } organization { id name } roles scopes } }`

async function signUp(given: Partial<{ email: string; password: string; name: string; organizationName: string }> = {}): Promise<Session> {
  const account = { email: `${newId('p')}@exemple.fr`, password: 'un mot de passe', name: 'Ada', organizationName: 'Fret Sud', ...given }
  const { data, errors } = await client.ask<{ signUp: Session }>(
    null,
    `mutation ($email: String!, $password: String!, $name: String!, $organizationName: String!) {
      signUp(email: $email, password: $password, name: $name, organizationName: $organizationName) { ${fields} } }`,
    account,
  )
  expect(errors).toEqual([])
  return data.signUp
}

async function logIn(email: string, password: string): Promise<Session> {
  const { data } = await client.ask<{ logIn: Session }>(
    null,
    `mutation ($email: String!, $password: String!) { logIn(email: $email, password: $password) { ${fields} } }`,
    { email, password },
  )
  return data.logIn
}

async function refresh(refreshToken: string): Promise<Session> {
  const { data } = await client.ask<{ refreshSession: Session }>(
    null,
    `mutation ($refreshToken: String!) { refreshSession(refreshToken: $refreshToken) { __typename ... on Refusal { code } ... on Session { accessToken refreshToken } } }`,
    { refreshToken },
  )
  return data.refreshSession
}

async function viewerOf({ accessToken }: Session): Promise<Viewer> {
  const verified = await platform.keys.verifyAccessToken(accessToken)
  if (!verified) throw new Error('The token does not hold.')
  return verified.viewer
}

test('who signs up owns a new organisation, is logged in, and is welcomed by mail', async () => {
  const session = await signUp({ name: '  Ada Lovelace ', organizationName: 'Fret Sud' })
  expect(session.viewer).toMatchObject({ user: { name: 'Ada Lovelace' }, organization: { name: 'Fret Sud' }, roles: ['OWNER'], scopes: scopesOf(['OWNER']) })
  const viewer = await viewerOf(session)
  expect(viewer).toMatchObject({ organizationId: session.viewer.organization.id, userId: session.viewer.user.id, roles: ['OWNER'] })
  const sent = await openTableMail({ sql: platform.sql }).sent(viewer)
  expect(sent.map((mail) => mail.to)).toEqual([session.viewer.user.email])
})

test('an address has one account, whatever its case, also when two sign up at the same moment', async () => {
  const email = `${newId('p')}@exemple.fr`
  const both = await Promise.all([signUp({ email }), signUp({ email: email.toUpperCase() })])
  expect(both.map((session) => session.__typename).toSorted()).toEqual(['InvalidInput', 'Session'])
  expect(both.find((session) => session.__typename === 'InvalidInput')?.path).toEqual(['email'])
})

test.each([
  ['email', { email: 'pas une adresse' }],
  ['password', { password: 'court' }],
  ['name', { name: '   ' }],
  ['organizationName', { organizationName: '' }],
])('a sign-up without a good %s is refused there', async (path, given) => {
  expect(await signUp(given)).toMatchObject({ __typename: 'InvalidInput', path: [path] })
})

test('a wrong password and an unknown address get the same answer', async () => {
  const { viewer } = await signUp({ password: 'le bon mot de passe' })
  const wrong = await logIn(viewer.user.email, 'un autre mot de passe')
  const unknown = await logIn('personne@exemple.fr', 'un autre mot de passe')
  expect(wrong).toEqual(unknown)
  expect(wrong).toEqual({ __typename: 'InvalidCredentials', code: 'INVALID_CREDENTIALS' })
  expect((await logIn(` ${viewer.user.email.toUpperCase()} `, 'le bon mot de passe')).viewer.user.id).toBe(viewer.user.id)
})

test('a refresh token is good once; using it again ends the session for both holders', async () => {
  const first = await signUp()
  const second = await refresh(first.refreshToken)
  expect(second.__typename).toBe('Session')
  expect((await refresh(first.refreshToken)).__typename).toBe('InvalidCredentials')
  expect((await refresh(second.refreshToken)).__typename).toBe('InvalidCredentials')
  const { organizationId, sessionId } = await viewerOf(first)
  expect(await platform.coordination.memory.get(organizationId, revokedSessionKey(sessionId ?? ''))).toBe('1')
})

test('of two renewals at the same moment one wins', async () => {
  const { refreshToken } = await signUp()
  const both = await Promise.all([refresh(refreshToken), refresh(refreshToken)])
  expect(both.map((session) => session.__typename).toSorted()).toEqual(['InvalidCredentials', 'Session'])
})

test('logging out everywhere ends every session of the person, and no one else’s', async () => {
  const first = await signUp({ password: 'le bon mot de passe' })
  const second = await logIn(first.viewer.user.email, 'le bon mot de passe')
  const other = await signUp()
  const { data } = await client.ask(await viewerOf(first), `mutation { logOut(everywhere: true) { ... on LoggedOut { everywhere } } }`)
  expect(data).toEqual({ logOut: { everywhere: true } })
  expect((await refresh(first.refreshToken)).__typename).toBe('InvalidCredentials')
  expect((await refresh(second.refreshToken)).__typename).toBe('InvalidCredentials')
  expect((await refresh(other.refreshToken)).__typename).toBe('Session')
})

test('nobody is a viewer without a token, and cannot log out', async () => {
  const { data } = await client.ask(null, `{ viewer { roles } }`)
  expect(data).toEqual({ viewer: null })
  const answer = await client.ask(null, `mutation { logOut { __typename } }`)
  expect(answer.data).toEqual({ logOut: { __typename: 'NotAllowed' } })
})

test('members are those of the organisation; the last owner stays owner; only an owner makes owners', async () => {
  const session = await signUp()
  const viewer = await viewerOf(session)
  const stranger = await viewerOf(await signUp())
  const list = `{ viewer { organization { members { totalCount nodes { user { id } roles } } } } }`
  const { data } = await client.ask<{ viewer: { organization: { members: object } } }>(viewer, list)
  expect(data.viewer.organization.members).toEqual({ totalCount: 1, nodes: [{ user: { id: viewer.userId }, roles: ['OWNER'] }] })
  const change = `mutation ($input: ChangeMemberRolesInput!) { changeMemberRoles(input: $input) { __typename ... on InvalidInput { path } ... on Member { roles } } }`
  const lastOwner = await client.ask(viewer, change, { input: { userId: viewer.userId, roles: ['VIEWER'] } })
  expect(lastOwner.data).toEqual({ changeMemberRoles: { __typename: 'InvalidInput', path: ['roles'] } })
  const foreign = await client.ask(stranger, change, { input: { userId: viewer.userId, roles: ['VIEWER'] } })
  expect(foreign.data).toEqual({ changeMemberRoles: { __typename: 'NotFound' } })
  const manager: Viewer = { ...viewer, roles: ['ADMIN'], scopes: scopesOf(['ADMIN']) }
  const unmake = await client.ask(manager, change, { input: { userId: viewer.userId, roles: ['ADMIN'] } })
  expect(unmake.data).toEqual({ changeMemberRoles: { __typename: 'NotAllowed' } })
  const driver: Viewer = { ...viewer, roles: ['DRIVER'], scopes: scopesOf(['DRIVER']) }
  const notManager = await client.ask(driver, change, { input: { userId: viewer.userId, roles: ['OWNER'] } })
  expect(notManager.data).toEqual({ changeMemberRoles: { __typename: 'NotAllowed' } })
})
