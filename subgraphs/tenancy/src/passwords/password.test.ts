import { afterAll, beforeAll, expect, test } from 'vitest'
import { revokedSessionKey } from '@passerelle/platform/identity'
import { newId } from '@passerelle/platform/ids'
import type { Viewer } from '@passerelle/platform/schema'
import { requestPasswordReset, resetQueue } from './password-reset.ts'
import { TooManyAttempts } from '../refusals.ts'
import { openTestTenancy, type Session, type TestTenancy } from '../tenancy.testing.ts'

let town: TestTenancy

beforeAll(async () => {
  town = await openTestTenancy()
})

afterAll(() => town.close())

interface Told {
  __typename: string
  code?: string
  path?: string[]
  minutes?: number
  mailStays?: boolean
  sessionsEnded?: number
}

const old = 'le vieux mot de passe'
const fresh = 'un tout nouveau mot de passe'

async function request(email: string): Promise<Told> {
  const text = `mutation ($email: String!) { told: requestPasswordReset(email: $email) {
    __typename ... on Refusal { code } ... on InvalidInput { path } ... on PasswordResetRequested { minutes mailStays } } }`
  return (await town.client.data<{ told: Told }>(null, text, { email })).told
}

async function reset(token: string, password = fresh): Promise<Told> {
  const text = `mutation ($token: String!, $password: String!) { told: resetPassword(token: $token, password: $password) {
    __typename ... on Refusal { code } ... on InvalidInput { path } ... on PasswordChanged { sessionsEnded } } }`
  return (await town.client.data<{ told: Told }>(null, text, { token, password })).told
}

async function change(viewer: Viewer | null, currentPassword: string, newPassword = fresh): Promise<Told> {
  const text = `mutation ($currentPassword: String!, $newPassword: String!) {
    told: changePassword(currentPassword: $currentPassword, newPassword: $newPassword) {
      __typename ... on Refusal { code } ... on InvalidInput { path } ... on PasswordChanged { sessionsEnded } } }`
  return (await town.client.data<{ told: Told }>(viewer, text, { currentPassword, newPassword })).told
}

async function isRevoked(session: Session): Promise<boolean> {
  const { organizationId, sessionId } = await town.viewerOf(session)
  return (await town.platform.coordination.memory.get(organizationId, revokedSessionKey(sessionId ?? ''))) === '1'
}

/** Somebody who has asked for a link, and its token. */
async function forgetful(): Promise<{ session: Session; email: string; token: string }> {
  const session = await town.signUp({ password: old })
  const { email } = session.viewer.user
  await request(email)
  return { session, email, token: await town.linkTo(session) }
}

test('a link gives a new password once, logs nobody in, and ends every session of the person and no one else’s', async () => {
  const { session, email, token } = await forgetful()
  const second = await town.logIn(email, old)
  const neighbour = await town.signUp()
  expect(await reset(token)).toEqual({ __typename: 'PasswordChanged', sessionsEnded: 2 })
  for (const ended of [session, second]) {
    expect((await town.refresh(ended.refreshToken)).__typename).toBe('InvalidCredentials')
    expect(await isRevoked(ended)).toBe(true)
  }
  expect((await town.refresh(neighbour.refreshToken)).__typename).toBe('Session')
  expect((await town.logIn(email, old)).__typename).toBe('InvalidCredentials')
  expect((await town.logIn(email, fresh)).__typename).toBe('Session')
  expect(await reset(token, 'encore un autre mot de passe')).toEqual({
    __typename: 'LinkInvalid',
    code: 'LINK_INVALID',
  })
  expect((await town.logIn(email, fresh)).__typename).toBe('Session')
})

test('sessions in another organisation of the person end too', async () => {
  const { session, token } = await forgetful()
  const { organizationId } = await town.viewerOf(await town.signUp())
  const elsewhere = newId('ses')
  await town.platform.database.asOwner(
    `with place as (insert into tenancy.member values ($1, $2, '{VIEWER}') returning *)
     insert into tenancy.session (id, organization_id, user_id) select $3, organization_id, user_id from place`,
    [organizationId, session.viewer.user.id, elsewhere],
  )
  expect(await reset(token)).toMatchObject({ sessionsEnded: 2 })
  expect(await town.platform.coordination.memory.get(organizationId, revokedSessionKey(elsewhere))).toBe('1')
})

test('an address that nobody has gets the same answer, and one that is no address is refused', async () => {
  const { email } = (await town.signUp()).viewer.user
  const known = await request(` ${email.toUpperCase()} `)
  expect(known).toEqual({ __typename: 'PasswordResetRequested', minutes: 30, mailStays: true })
  expect(await request(`${newId('p')}@exemple.fr`)).toEqual(known)
  expect(await request('pas une adresse')).toMatchObject({ __typename: 'InvalidInput', path: ['email'] })
})

test('an address is written to three times within a quarter of an hour and then refused, known or not, and no other is', async () => {
  const { email } = (await town.signUp()).viewer.user
  for (const address of [email, `${newId('p')}@exemple.fr`]) {
    const asked = await Promise.all(Array.from({ length: 5 }, () => request(address)))
    expect(asked.map(({ __typename }) => __typename).toSorted()).toEqual([
      ...Array.from({ length: 3 }, () => 'PasswordResetRequested'),
      'TooManyAttempts',
      'TooManyAttempts',
    ])
  }
  expect((await request(`${newId('p')}@exemple.fr`)).__typename).toBe('PasswordResetRequested')
})

test('one caller asks for thirty links, whomever they are for, and another caller is not refused for it', async () => {
  const ask = (caller: string) => requestPasswordReset(town.platform, { email: `${newId('p')}@exemple.fr` }, caller)
  const asked = await Promise.allSettled(Array.from({ length: 32 }, () => ask('203.0.113.7')))
  const refused = asked.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []))
  expect(refused).toEqual([expect.any(TooManyAttempts), expect.any(TooManyAttempts)])
  expect(await ask('203.0.113.8')).toMatchObject({ minutes: 30 })
})

test('nothing is left of a request once it is done, whether or not the address is anybody’s', async () => {
  await forgetful()
  await request(`${newId('nobody')}@exemple.fr`)
  const rows = () => town.platform.database.asOwner(`select state from jobs.job where name = $1`, [resetQueue.name])
  await expect.poll(rows, { timeout: 30_000, interval: 20 }).toEqual([])
})

test('a later link ends the earlier one', async () => {
  const { session, email, token: earlier } = await forgetful()
  await request(email)
  const later = await town.linkTo(session, earlier)
  expect((await reset(earlier)).__typename).toBe('LinkInvalid')
  expect((await reset(later)).__typename).toBe('PasswordChanged')
})

test('a link that is unknown or older than half an hour changes nothing', async () => {
  const { session, email, token } = await forgetful()
  await town.platform.database.asOwner(
    `update tenancy.password_reset set expires_at = expires_at - interval '30 minutes' where user_id = $1`,
    [session.viewer.user.id],
  )
  for (const dead of [token, '', 'inconnu', '\u0000']) expect((await reset(dead)).__typename).toBe('LinkInvalid')
  expect((await town.logIn(email, old)).__typename).toBe('Session')
  expect((await town.refresh(session.refreshToken)).__typename).toBe('Session')
})

test('a weak password is refused and leaves the link good', async () => {
  const { token } = await forgetful()
  expect(await reset(token, 'court')).toMatchObject({ __typename: 'InvalidInput', path: ['password'] })
  expect((await reset(token)).__typename).toBe('PasswordChanged')
})

test('of two uses of a link at the same moment one wins', async () => {
  const { email, token } = await forgetful()
  const passwords = ['le premier mot de passe', 'le second mot de passe']
  const both = await Promise.all(passwords.map((password) => reset(token, password)))
  expect(both.map(({ __typename }) => __typename).toSorted()).toEqual(['LinkInvalid', 'PasswordChanged'])
  const winner = passwords[both.findIndex(({ __typename }) => __typename === 'PasswordChanged')] ?? ''
  expect((await town.logIn(email, winner)).__typename).toBe('Session')
})

test('whoever was locked out of an address by guesses is let in after a reset', async () => {
  const { email, token } = await forgetful()
  await Promise.all(Array.from({ length: 12 }, () => town.logIn(email, 'un mauvais mot de passe')))
  expect((await town.logIn(email, old)).__typename).toBe('TooManyAttempts')
  await reset(token)
  expect((await town.logIn(email, fresh)).__typename).toBe('Session')
})

test('the token is kept nowhere but in the message', async () => {
  const { session, token } = await forgetful()
  const viewer = await town.viewerOf(session)
  const kept = await town.platform.sql.withOrganization(viewer, (tx) =>
    tx
      .withTables<{ 'tenancy.password_reset': { hash: string } }>()
      .selectFrom('tenancy.password_reset')
      .selectAll()
      .execute(),
  )
  expect(kept).toHaveLength(1)
  expect(JSON.stringify(kept)).not.toContain(token)
})

test('a person changes their own password and stays logged in here alone; an open link ends', async () => {
  const { session, email, token } = await forgetful()
  const second = await town.logIn(email, old)
  const viewer = await town.viewerOf(session)
  expect(await change(viewer, 'un mauvais mot de passe')).toMatchObject({ code: 'INVALID_CREDENTIALS' })
  expect(await change(viewer, old, 'court')).toMatchObject({ __typename: 'InvalidInput', path: ['newPassword'] })
  expect(await change(viewer, old)).toEqual({ __typename: 'PasswordChanged', sessionsEnded: 1 })
  expect([await isRevoked(session), await isRevoked(second)]).toEqual([false, true])
  expect((await town.refresh(session.refreshToken)).__typename).toBe('Session')
  expect((await town.refresh(second.refreshToken)).__typename).toBe('InvalidCredentials')
  expect((await town.logIn(email, fresh)).__typename).toBe('Session')
  expect((await reset(token)).__typename).toBe('LinkInvalid')
})

test('guesses of the current password are refused after ten, keep nobody from logging in, and nobody has none to change', async () => {
  const session = await town.signUp({ password: old })
  const viewer = await town.viewerOf(session)
  for (let turn = 0; turn < 10; turn++) await change(viewer, 'un mauvais mot de passe')
  expect((await change(viewer, old)).__typename).toBe('TooManyAttempts')
  expect((await town.logIn(session.viewer.user.email, old)).__typename).toBe('Session')
  expect((await change(null, old)).__typename).toBe('NotAllowed')
})
