import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApiClient, logIn, type ApiClient } from './client.ts'
import { askDatabase } from './inside.ts'
import { preparePasserelle, surprises, type Passerelle } from './passerelle.ts'

const password = 'un long mot de passe'
let house: Passerelle

beforeAll(async () => {
  house = await preparePasserelle({ PASSERELLE_DEMO: 'off' })
  await house.start()
})
afterAll(() => house.remove())

interface Session {
  accessToken: string
  refreshToken: string
}

let people = 0

/** Somebody of a new organisation, with all tokens of the session. */
async function arrive(organizationName: string): Promise<{ email: string; session: Session; client: ApiClient }> {
  const email = `ada.${Date.now()}.${people++}@exemple.fr`
  const { session } = await createApiClient(house.url, null).ask<{ session: Session }>(
    `mutation ($email: String!, $password: String!, $organizationName: String!) {
      session: signUp(email: $email, password: $password, name: "Ada", organizationName: $organizationName) { ... on Session { accessToken refreshToken } } }`,
    { email, password, organizationName },
  )
  return { email, session, client: createApiClient(house.url, session.accessToken) }
}

async function statusOf(token: string): Promise<number> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  const body = JSON.stringify({ query: '{ viewer { organization { name } } }' })
  return (await fetch(`${house.url}/graphql`, { method: 'POST', headers, body })).status
}

/** Follows the documents; resolves with the code when the connection is closed. */
async function follow(client: ApiClient): Promise<{ closed: Promise<number> }> {
  const socket = client.socket()
  const closed = new Promise<number>((resolve) =>
    socket.on('closed', (event) => resolve((event as { code: number }).code)),
  )
  const connected = new Promise<void>((resolve) => void socket.on('connected', () => resolve()))
  socket.subscribe({ query: 'subscription { documentsChanged { id } }' }, { next() {}, error() {}, complete() {} })
  await connected
  return { closed }
}

/** Has a guest join a host's organisation with the link of the message; answers a client of theirs there. */
async function joinAs(host: ApiClient, guest: { email: string; client: ApiClient }, role: string): Promise<Session> {
  await host.ask(
    `mutation ($email: String!) { inviteMember(email: $email, roles: [${role}]) { ... on Invitation { id } } }`,
    { email: guest.email },
  )
  const { viewer } = await host.ask<{
    viewer: { organization: { mails: { nodes: { to: string; text: string | null }[] } } }
  }>('{ viewer { organization { mails(first: 50) { nodes { to text } } } } }')
  const letter = viewer.organization.mails.nodes.find(({ to }) => to === guest.email)
  const token = /\/invitation\?token=([\w-]+)/.exec(letter?.text ?? '')?.[1]
  const { session } = await guest.client.ask<{ session: Session }>(
    `mutation ($token: String!) { session: acceptInvitation(token: $token) { ... on Session { accessToken refreshToken } } }`,
    { token },
  )
  return session
}

async function verb(...words: string[]): Promise<string> {
  const { code, output } = await house.verb(words)
  expect([code, output]).toEqual([0, output])
  return output
}

test('a member who is removed is refused at once, and what they hold open is closed while others go on', async () => {
  const [host, guest] = [await arrive('Fret Sud'), await arrive('Clés en main')]
  const there = await joinAs(host.client, guest, 'OPERATOR')
  const [open, own] = [await follow(createApiClient(house.url, there.accessToken)), await follow(host.client)]
  let stays = true
  void own.closed.then(() => (stays = false))
  const { members } = await host.client.ask<{
    members: { organization: { members: { nodes: { user: { id: string; email: string } }[] } } }
  }>('{ members: viewer { organization { members { nodes { user { id email } } } } } }')
  const found = members.organization.members.nodes.find(({ user }) => user.email === guest.email)
  const { removed } = await host.client.ask<{ removed: { sessionsEnded: number } }>(
    'mutation ($userId: ID!) { removed: removeMember(userId: $userId) { ... on MemberRemoved { sessionsEnded } } }',
    { userId: found?.user.id },
  )
  expect(removed.sessionsEnded).toBe(1)
  expect(await open.closed).toBe(4403)
  expect([await statusOf(there.accessToken), await statusOf(host.session.accessToken), stays]).toEqual([401, 200, true])
})

test('changed rights refuse the token of before at both doors, and a renewal goes on with the new ones', async () => {
  const [host, guest] = [await arrive('Fret Sud'), await arrive('Clés en main')]
  const there = await joinAs(host.client, guest, 'MANAGER')
  const client = createApiClient(house.url, there.accessToken)
  const { closed } = await follow(client)
  const { viewer } = await client.ask<{ viewer: { user: { id: string } } }>('{ viewer { user { id } } }')
  await host.client.ask(
    `mutation ($userId: ID!) { changeMemberRoles(input: { userId: $userId, roles: [VIEWER] }) { ... on Member { roles } } }`,
    { userId: viewer.user.id },
  )
  expect([await closed, await statusOf(there.accessToken)]).toEqual([4403, 401])
  const { renewed } = await createApiClient(house.url, null).ask<{
    renewed: Session & { viewer: { roles: string[] } }
  }>(
    `mutation ($refreshToken: String!) { renewed: refreshSession(refreshToken: $refreshToken) { ... on Session { accessToken viewer { roles } } } }`,
    { refreshToken: there.refreshToken },
  )
  expect([renewed.viewer.roles, await statusOf(renewed.accessToken)]).toEqual([['VIEWER'], 200])
})

test('keys rotate and are replaced while it serves, without logging anybody out, and everybody may check its tokens', async () => {
  const { session } = await arrive('Fret Sud')
  const published = async () => (await (await fetch(`${house.url}/.well-known/jwks.json`)).json()) as JSONWebKeySet
  const before = await published()
  const { payload } = await jwtVerify(session.accessToken, createLocalJWKSet(before), { issuer: 'passerelle' })
  expect(payload).toMatchObject({ roles: ['OWNER'], org: expect.stringMatching(/^org_/) })
  expect(await verb('keys', 'rotate')).toMatch(/ signs from /)
  await expect.poll(async () => (await published()).keys.length, { timeout: 60_000 }).toBe(2)
  expect(await statusOf(session.accessToken)).toBe(200)
  expect(await verb('keys', 'replace')).toMatch(/^\S{43} {2}signs\n$/)
  await expect.poll(async () => await statusOf(session.accessToken), { timeout: 60_000 }).toBe(401)
  const { renewed } = await createApiClient(house.url, null).ask<{ renewed: Session }>(
    `mutation ($refreshToken: String!) { renewed: refreshSession(refreshToken: $refreshToken) { ... on Session { accessToken } } }`,
    { refreshToken: session.refreshToken },
  )
  expect(await statusOf(renewed.accessToken)).toBe(200)
  await expect(jwtVerify(renewed.accessToken, createLocalJWKSet(before))).rejects.toThrow()
  await jwtVerify(renewed.accessToken, createLocalJWKSet(await published()))
  expect((await house.verb(['keys', 'burn'])).code).toBe(1)
  const recorded = await askDatabase<{ action: string }>(
    house,
    `select action from platform.audit_entry where organization_id = 'installation' and action like 'signing_keys.%' order by position`,
    [],
  )
  expect(recorded.map(({ action }) => action)).toEqual(['signing_keys.rotated', 'signing_keys.replaced'])
})

test('the operator gets a link for somebody who forgot their password, beside the running house and without it', async () => {
  const { email } = await arrive('Fret Sud')
  const choose = async (printed: string, next: string) => {
    const token = /\/reset\?token=([\w-]+)/.exec(printed)?.[1]
    const { told } = await createApiClient(house.url, null).ask<{ told: { __typename: string } }>(
      `mutation ($token: String!, $password: String!) { told: resetPassword(token: $token, password: $password) { __typename } }`,
      { token, password: next },
    )
    return told.__typename
  }
  expect(await choose(await verb('password', email), 'une autre phrase à retenir')).toBe('PasswordChanged')
  expect(await logIn(house.url, email, 'une autre phrase à retenir')).not.toBeNull()
  await house.stop()
  const printed = await verb('password', email.toUpperCase())
  expect((await house.verb(['password', 'personne@exemple.fr'])).code).toBe(1)
  await house.start()
  expect(await choose(printed, 'encore une autre phrase')).toBe('PasswordChanged')
  expect(await logIn(house.url, email, 'encore une autre phrase')).not.toBeNull()
})

test('a file of secrets that is damaged while it serves changes nothing, and nothing of all this was a surprise', async () => {
  const { session } = await arrive('Fret Sud')
  const file = join(house.data, 'secrets.json')
  const text = await readFile(file, 'utf8')
  await writeFile(file, text.slice(0, -20))
  expect((await house.verb(['keys', 'rotate'])).output).toContain('is damaged')
  expect(await statusOf(session.accessToken)).toBe(200)
  await writeFile(file, text)
  expect(surprises(house)).toEqual([])
})
