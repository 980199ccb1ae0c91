import { afterAll, beforeAll, expect, test } from 'vitest'
import { accessEnded } from '@passerelle/platform/identity'
import { newId } from '@passerelle/platform/ids'
import { ownScopes, type Viewer } from '@passerelle/platform/schema'
import { endedLinks } from './client-access.personal.ts'
import { openTestClientAccess, type KnownClient, type TestClientAccess } from './client-access.testing.ts'
import { createClientLink } from './client-link.ts'
import { openClientLink } from './client-session.ts'

let town: TestClientAccess

beforeAll(async () => {
  town = await openTestClientAccess()
})

afterAll(() => town.close())

interface Link {
  id: string
  label: string | null
  state: string
  uses: number
  client: { id: string }
  createdBy: { name: string } | null
  lastUsedAt: string | null
  expiresAt: string
}

interface Made {
  __typename: string
  path?: string[]
  link: Link
  url: string
  isMailed: boolean
}

interface Opened {
  __typename: string
  accessToken: string
  expiresAt: string
  viewer: { scopes: string[]; roles: string[]; user: null; client: { id: string }; organization: { name: string } }
}

const linkFields = 'id label state uses lastUsedAt expiresAt client { id } createdBy { name }'
const refused = '__typename ... on Refusal { code } ... on InvalidInput { path }'

async function make(viewer: Viewer | null, input: Record<string, unknown>): Promise<Made> {
  const text = `mutation ($input: CreateClientLinkInput!) { made: createClientLink(input: $input) {
    ${refused} ... on MadeClientLink { url isMailed link { ${linkFields} } } } }`
  return (await town.client.data<{ made: Made }>(viewer, text, { input })).made
}

async function open(token: string): Promise<Opened> {
  const text = `mutation ($token: String!) { opened: openClientLink(token: $token) { __typename
    ... on ClientSession { accessToken expiresAt viewer { scopes roles user { id } client { id } organization { name } } } } }`
  return (await town.client.data<{ opened: Opened }>(null, text, { token })).opened
}

async function revoke(viewer: Viewer, id: string): Promise<{ __typename: string; state?: string }> {
  const text = `mutation ($id: ID!) { revoked: revokeClientLink(id: $id) { __typename ... on ClientLink { state } } }`
  return (await town.client.data<{ revoked: { __typename: string; state?: string } }>(viewer, text, { id })).revoked
}

async function list(viewer: Viewer, clientId: string): Promise<{ totalCount: number; nodes: Link[] }> {
  const text = `query ($clientId: ID!) { links: clientLinks(clientId: $clientId) { totalCount nodes { ${linkFields} } } }`
  return (await town.client.data<{ links: { totalCount: number; nodes: Link[] } }>(viewer, text, { clientId })).links
}

function requireUser(viewer: Viewer): Viewer & { userId: string } {
  const { userId } = viewer
  if (userId === null) throw new Error('This viewer is nobody.')
  return { ...viewer, userId }
}

const tokenOf = ({ url }: Made): string => url.split('#')[1] ?? ''

async function isRefused({ accessToken }: Opened): Promise<boolean> {
  const verified = await town.platform.keys.verifyAccessToken(accessToken)
  return !verified || (await accessEnded(town.platform.coordination, verified))
}

/** An owner, a client of theirs, and a link of that one. */
async function house(given: Partial<KnownClient> = {}) {
  const owner = await town.viewerOf(await town.signUp())
  const client = town.know(owner, given)
  const made = await make(owner, { clientId: client.id, label: 'Téléphone' })
  return { owner, client, made }
}

test('a link is shown once, behind a #, and lets its client in with what is theirs and nothing else', async () => {
  const { owner, client, made } = await house()
  expect(made.url).toMatch(/^http:\/\/localhost:4000\/portal#[\w-]{43}$/)
  expect(made.link).toMatchObject({ label: 'Téléphone', state: 'ACTIVE', uses: 0, createdBy: { name: 'Ada' } })
  const opened = await open(tokenOf(made))
  expect(opened.viewer).toEqual({
    scopes: ownScopes,
    roles: [],
    user: null,
    client: { id: client.id },
    organization: { name: 'Fret Sud' },
  })
  const verified = await town.platform.keys.verifyAccessToken(opened.accessToken)
  expect(verified?.viewer).toEqual({
    organizationId: owner.organizationId,
    userId: null,
    sessionId: made.link.id,
    roles: [],
    scopes: ownScopes,
    keyId: null,
    clientId: client.id,
  })
  await open(tokenOf(made))
  const { nodes, totalCount } = await list(owner, client.id)
  expect([totalCount, nodes[0]?.uses, nodes[0]?.lastUsedAt !== null]).toEqual([1, 2, true])
  const rows = await town.platform.database.asOwner('select * from tenancy.client_link')
  expect(JSON.stringify(rows)).not.toContain(tokenOf(made))
  expect(JSON.stringify(rows)).not.toContain('Téléphone')
})

test('a link that is unknown, cut, changed, over or revoked is LinkInvalid, whichever it is', async () => {
  const { made, owner } = await house()
  const token = tokenOf(made)
  const flipped = (token.startsWith('A') ? 'B' : 'A') + token.slice(1)
  const wrong = ['', token.slice(0, -1), `${token}A`, flipped, token.toUpperCase(), made.link.id]
  const { made: over } = await house()
  await town.platform.database.asOwner(`update tenancy.client_link set expires_at = now() where id = $1`, [
    over.link.id,
  ])
  await revoke(owner, made.link.id)
  for (const each of [...wrong, tokenOf(over), token]) expect((await open(each)).__typename).toBe('LinkInvalid')
})

test('revoking a link ends the tokens that it opened at once, and is final', async () => {
  const { owner, client, made } = await house()
  const other = await make(owner, { clientId: client.id })
  const [opened, spared] = [await open(tokenOf(made)), await open(tokenOf(other))]
  expect(await isRefused(opened)).toBe(false)
  expect(await revoke(owner, made.link.id)).toEqual({ __typename: 'ClientLink', state: 'REVOKED' })
  expect([await isRefused(opened), await isRefused(spared)]).toEqual([true, false])
  expect(await revoke(owner, made.link.id)).toEqual({ __typename: 'ClientLink', state: 'REVOKED' })
  expect((await open(tokenOf(made))).__typename).toBe('LinkInvalid')
})

test('a token never outlives the link that it was opened by', async () => {
  const { made } = await house()
  const end = new Date(Date.now() + 60_000)
  await town.platform.database.asOwner(`update tenancy.client_link set expires_at = $2 where id = $1`, [
    made.link.id,
    end,
  ])
  expect(new Date((await open(tokenOf(made))).expiresAt).getTime()).toBe(end.getTime())
})

test('a link is made for a client whom its maker can read, of their own organisation, by a person who may write records', async () => {
  const { owner, client } = await house()
  const stranger = await town.viewerOf(await town.signUp())
  const program: Viewer = { ...owner, userId: null, sessionId: null, keyId: 'key_1' }
  const reader: Viewer = { ...owner, roles: ['VIEWER'], scopes: ['record:read', 'member:read'] }
  const halfBlind: Viewer = { ...owner, scopes: ['record:read', 'record:write'] }
  const names = [
    await make(stranger, { clientId: client.id }),
    await make(owner, { clientId: newId('cli') }),
    await make(owner, { clientId: 'cli_nobody' }),
    await make(reader, { clientId: client.id }),
    await make(program, { clientId: client.id }),
    await make(halfBlind, { clientId: client.id }),
  ].map(({ __typename }) => __typename)
  expect(names).toEqual(['NotFound', 'NotFound', 'NotFound', 'NotAllowed', 'NotAllowed', 'NotAllowed'])
})

test('the links of a client are seen and ended by staff of the organisation alone, and each client has its own', async () => {
  const { owner, client, made } = await house()
  const second = town.know(owner)
  await make(owner, { clientId: second.id })
  const stranger = await town.viewerOf(await town.signUp())
  expect((await list(owner, second.id)).nodes.map(({ client: of }) => of.id)).toEqual([second.id])
  expect(await list(stranger, client.id)).toEqual({ totalCount: 0, nodes: [] })
  expect((await revoke(stranger, made.link.id)).__typename).toBe('NotFound')
  const { accessToken } = await open(tokenOf(made))
  const self = (await town.platform.keys.verifyAccessToken(accessToken))?.viewer ?? null
  const asked = await town.client.ask(self, `{ clientLinks(clientId: "${client.id}") { totalCount } }`)
  expect(asked.errors[0]?.extensions?.code).toBe('FORBIDDEN')
  expect((await open(tokenOf(made))).__typename).toBe('ClientSession')
})

test('days that are none, a label of several lines and a letter to nobody are refused at their field', async () => {
  const { owner, client } = await house()
  const pathOf = async (input: object) => (await make(owner, { clientId: client.id, ...input })).path
  expect(await pathOf({ expiresInDays: 0 })).toEqual(['expiresInDays'])
  expect(await pathOf({ expiresInDays: 366 })).toEqual(['expiresInDays'])
  expect(await pathOf({ label: 'une\ndeux' })).toEqual(['label'])
  expect(await pathOf({ sendMail: true })).toEqual(['sendMail'])
})

test('a link is sent to the client’s own address when asked', async () => {
  const email = `${newId('p')}@exemple.fr`
  const { owner, client } = await house({ email, name: 'Zoé Petit' })
  const made = await make(owner, { clientId: client.id, sendMail: true, expiresInDays: 3 })
  // Nothing is sent where no server takes messages: they stay.
  expect(made.isMailed).toBe(false)
  const mail = { ...town.platform.mail, stays: false }
  const input = { clientId: client.id, sendMail: true }
  const { isMailed } = await createClientLink({ ...town.platform, mail }, requireUser(owner), input)
  expect(isMailed).toBe(true)
  const { nodes } = await town.platform.mail.kept(owner, { first: 5, after: null })
  expect(nodes[1]).toMatchObject({ to: email, subject: 'Votre espace chez Fret Sud' })
  expect(nodes[1]?.text).toContain(made.url)
  expect(nodes[1]?.text).toContain('Bonjour Zoé Petit')
})

test('a client has twenty links that hold, also where two are made at once', async () => {
  const { owner, client } = await house()
  for (let turn = 2; turn < 20; turn++) await make(owner, { clientId: client.id })
  const both = await Promise.all([make(owner, { clientId: client.id }), make(owner, { clientId: client.id })])
  expect(both.map(({ __typename }) => __typename).toSorted()).toEqual(['MadeClientLink', 'QuotaExceeded'])
})

test('wrong links are let through thirty times from a network; one that holds still opens', async () => {
  const { made } = await house()
  const openFrom = (token: string, caller: string) =>
    openClientLink(town.platform, token, caller).then(
      () => 'ClientSession',
      (error: Error) => error.name,
    )
  const here = '198.51.100.7'
  for (let turn = 0; turn < 30; turn++) expect(await openFrom(`wrong${turn}`, here)).toBe('LinkInvalid')
  expect(await openFrom('wrong', here)).toBe('TooManyAttempts')
  expect(await openFrom('wrong', '203.0.113.7')).toBe('LinkInvalid')
  expect(await openFrom(tokenOf(made), here)).toBe('ClientSession')
})

test('who made, first opened and ended a link is in the audit log, and told as facts', async () => {
  const { owner, client, made } = await house()
  await open(tokenOf(made))
  await open(tokenOf(made))
  await revoke(owner, made.link.id)
  const entries = await town.platform.database.asOwner(
    `select action, author, user_id, session_id from platform.audit_entry where organization_id = $1 and action like 'client_link.%' order by position`,
    [owner.organizationId],
  )
  expect(entries).toEqual([
    { action: 'client_link.created', author: 'PERSON', user_id: owner.userId, session_id: owner.sessionId },
    { action: 'client_link.opened', author: 'SERVICE', user_id: null, session_id: made.link.id },
    { action: 'client_link.revoked', author: 'PERSON', user_id: owner.userId, session_id: owner.sessionId },
  ])
  const facts = await town.platform.database.asOwner(
    `select type, payload from platform.fact where organization_id = $1 and type like 'client_link.%' order by position`,
    [owner.organizationId],
  )
  const payload = { id: made.link.id, clientId: client.id }
  expect(facts).toEqual(['created', 'opened', 'revoked'].map((what) => ({ type: `client_link.${what}`, payload })))
})

test('links that hold no more are removed by age, and those that do stay', async () => {
  const { owner, client, made } = await house()
  const spared = await make(owner, { clientId: client.id })
  const over = await make(owner, { clientId: client.id })
  await town.platform.database.asOwner(
    `update tenancy.client_link set expires_at = now() - interval '40 days' where id = $1`,
    [over.link.id],
  )
  await revoke(owner, made.link.id)
  const before = new Date(Date.now() - 30 * 86_400_000)
  const [count, removed] = await town.platform.sql.withOrganization(
    { organizationId: owner.organizationId },
    async (tx) => [await endedLinks.count(tx, before), await endedLinks.remove(tx, { before, most: 10 })],
  )
  expect([count, removed]).toEqual([1, 1])
  const left = (await list(owner, client.id)).nodes.map(({ id }) => id)
  expect(left.toSorted()).toEqual([made.link.id, spared.link.id].toSorted())
})
