import { afterAll, beforeAll, expect, test } from 'vitest'
import { revokedSessionKey } from '@passerelle/platform/identity'
import { newId } from '@passerelle/platform/ids'
import { scopesOf } from '@passerelle/platform/schema'
import { openTestTenancy, type Session, type TestTenancy } from '../tenancy.testing.ts'

let town: TestTenancy

beforeAll(async () => {
  town = await openTestTenancy()
})

afterAll(() => town.close())

test('who signs up owns a new organisation, is logged in, and is welcomed by mail', async () => {
  const session = await town.signUp({ name: '  Ada Lovelace ', organizationName: 'Fret Sud' })
  expect(session.viewer).toMatchObject({
    user: { name: 'Ada Lovelace' },
    organization: { name: 'Fret Sud' },
    roles: ['OWNER'],
    scopes: scopesOf(['OWNER']),
  })
  const viewer = await town.viewerOf(session)
  expect(viewer).toMatchObject({
    organizationId: session.viewer.organization.id,
    userId: session.viewer.user.id,
    roles: ['OWNER'],
  })
  const sent = await town.platform.mail.kept(viewer, { first: 10, after: null })
  expect(sent.nodes.map((mail) => mail.to)).toEqual([session.viewer.user.email])
})

test('an address has one account, whatever its case, also when two sign up at the same moment', async () => {
  const email = `${newId('p')}@exemple.fr`
  const both = await Promise.all([town.signUp({ email }), town.signUp({ email: email.toUpperCase() })])
  expect(both.map((session) => session.__typename).toSorted()).toEqual(['InvalidInput', 'Session'])
  expect(both.find((session) => session.__typename === 'InvalidInput')?.path).toEqual(['email'])
})

test.each([
  ['email', { email: 'pas une adresse' }],
  ['password', { password: 'court' }],
  ['name', { name: '   ' }],
  ['name', { name: 'Ada\n\nOuvrez ceci' }],
  ['organizationName', { organizationName: '' }],
])('a sign-up without a good %s is refused there', async (path, given) => {
  expect(await town.signUp(given)).toMatchObject({ __typename: 'InvalidInput', path: [path] })
})

test('a wrong password and an unknown address get the same answer', async () => {
  const { viewer } = await town.signUp({ password: 'le bon mot de passe' })
  const wrong = await town.logIn(viewer.user.email, 'un autre mot de passe')
  const unknown = await town.logIn('personne@exemple.fr', 'un autre mot de passe')
  expect(wrong).toEqual(unknown)
  expect(wrong).toEqual({ __typename: 'InvalidCredentials', code: 'INVALID_CREDENTIALS' })
  expect((await town.logIn(` ${viewer.user.email.toUpperCase()} `, 'le bon mot de passe')).viewer.user.id).toBe(
    viewer.user.id,
  )
})

test('a right password forgives the wrong ones before it', async () => {
  const { viewer } = await town.signUp({ password: 'le bon mot de passe' })
  for (let turn = 0; turn < 3; turn++) {
    for (let wrong = 0; wrong < 6; wrong++) await town.logIn(viewer.user.email, 'un mauvais mot de passe')
    expect((await town.logIn(viewer.user.email, 'le bon mot de passe')).__typename).toBe('Session')
  }
})

test('a refresh token that has expired unused does not renew, and ends nothing', async () => {
  const session = await town.signUp()
  await town.platform.database.asOwner(
    `update tenancy.refresh_token set expires_at = now() - interval '1 minute' where session_id = $1`,
    [(await town.viewerOf(session)).sessionId],
  )
  expect((await town.refresh(session.refreshToken)).__typename).toBe('InvalidCredentials')
  const { organizationId, sessionId } = await town.viewerOf(session)
  expect(await town.platform.coordination.memory.get(organizationId, revokedSessionKey(sessionId ?? ''))).toBeNull()
})

test('a refresh token is good once; using it again ends the session for both holders', async () => {
  const first = await town.signUp()
  const second = await town.refresh(first.refreshToken)
  expect(second.__typename).toBe('Session')
  expect((await town.refresh(first.refreshToken)).__typename).toBe('InvalidCredentials')
  expect((await town.refresh(second.refreshToken)).__typename).toBe('InvalidCredentials')
  const { organizationId, sessionId } = await town.viewerOf(first)
  expect(await town.platform.coordination.memory.get(organizationId, revokedSessionKey(sessionId ?? ''))).toBe('1')
})

/** Renews under a secret of the client's. */
async function renew(refreshToken: string, attempt: string): Promise<Session> {
  const text = `mutation ($refreshToken: String!, $attempt: String) { refreshSession(refreshToken: $refreshToken, attempt: $attempt) {
    __typename ... on Session { accessToken refreshToken } } }`
  return (await town.client.data<{ refreshSession: Session }>(null, text, { refreshToken, attempt })).refreshSession
}

test('that a token was used again is written down once, however often it is used', async () => {
  const session = await town.signUp()
  await town.refresh(session.refreshToken)
  for (let time = 0; time < 3; time++)
    expect((await town.refresh(session.refreshToken)).code).toBe('INVALID_CREDENTIALS')
  const entries = await town.platform.database.asOwner(
    `select action from platform.audit_entry where organization_id = $1 and action = 'session.reused'`,
    [session.viewer.organization.id],
  )
  expect(entries).toHaveLength(1)
})

test('a client that lost the answer gets it again for the secret it renewed under, until it has used it', async () => {
  const { refreshToken } = await town.signUp()
  const attempt = 'un secret de ce navigateur'
  const [first, second] = await Promise.all([renew(refreshToken, attempt), renew(refreshToken, attempt)])
  expect([first.__typename, second.refreshToken]).toEqual(['Session', first.refreshToken])
  const next = await renew(first.refreshToken, 'un autre secret du navigateur')
  expect(next.__typename).toBe('Session')
  expect((await renew(refreshToken, attempt)).__typename).toBe('InvalidCredentials')
  expect((await town.refresh(next.refreshToken)).__typename).toBe('InvalidCredentials')
})

test.each([
  ['another secret', 'un secret de ce navigateur', 'le secret de quelqu’un'],
  ['a secret that is too short to be one', 'court', 'court'],
  ['no secret', 'un secret de ce navigateur', ''],
])('whoever repeats a renewal with %s ends the session', async (_what, attempt, repeated) => {
  const { refreshToken } = await town.signUp()
  const renewed = await renew(refreshToken, attempt)
  expect((await renew(refreshToken, repeated)).__typename).toBe('InvalidCredentials')
  expect((await town.refresh(renewed.refreshToken)).__typename).toBe('InvalidCredentials')
})

test('an answer that was lost long ago is not given again', async () => {
  const session = await town.signUp()
  const attempt = 'un secret de ce navigateur'
  await renew(session.refreshToken, attempt)
  await town.platform.database.asOwner(
    `update tenancy.refresh_token set used_at = used_at - interval '2 minutes' where session_id = $1 and used_at is not null`,
    [(await town.viewerOf(session)).sessionId],
  )
  expect((await renew(session.refreshToken, attempt)).__typename).toBe('InvalidCredentials')
})

test('of two renewals at the same moment one wins', async () => {
  const { refreshToken } = await town.signUp()
  const both = await Promise.all([town.refresh(refreshToken), town.refresh(refreshToken)])
  expect(both.map((session) => session.__typename).toSorted()).toEqual(['InvalidCredentials', 'Session'])
})

test('logging out everywhere ends every session of the person, and no one else’s', async () => {
  const first = await town.signUp({ password: 'le bon mot de passe' })
  const second = await town.logIn(first.viewer.user.email, 'le bon mot de passe')
  const other = await town.signUp()
  const { data } = await town.client.ask(
    await town.viewerOf(first),
    `mutation { logOut(everywhere: true) { ... on LoggedOut { everywhere } } }`,
  )
  expect(data).toEqual({ logOut: { everywhere: true } })
  expect((await town.refresh(first.refreshToken)).__typename).toBe('InvalidCredentials')
  expect((await town.refresh(second.refreshToken)).__typename).toBe('InvalidCredentials')
  expect((await town.refresh(other.refreshToken)).__typename).toBe('Session')
})

test('nobody is a viewer without a token, and cannot log out', async () => {
  const { data } = await town.client.ask(null, `{ viewer { roles } }`)
  expect(data).toEqual({ viewer: null })
  const answer = await town.client.ask(null, `mutation { logOut { __typename } }`)
  expect(answer.data).toEqual({ logOut: { __typename: 'NotAllowed' } })
})
