import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { publish } from '@passerelle/platform/facts'
import { accessEnded } from '@passerelle/platform/identity'
import { openApiKeys } from '@passerelle/platform/identity/api-keys'
import { newId } from '@passerelle/platform/ids'
import { EngineUnavailable, ownScopes, type Viewer } from '@passerelle/platform/schema'
import { tenancy } from '../index.ts'
import { loadRecipients } from '../notifications/notification-recipient.store.ts'
import type { Session } from '../tenancy.testing.ts'
import { endClientAccess } from './client-access.ts'
import { openTestClientAccess, type KnownClient, type TestClientAccess } from './client-access.testing.ts'

let town: TestClientAccess

beforeAll(async () => {
  town = await openTestClientAccess()
})

afterAll(() => town.close())

interface Account {
  __typename: string
  path?: string[]
  id: string
  email: string
  name: string | null
  state: string
  sessionsEnded?: number
}

const password = 'un bon mot de passe'
const accountFields =
  '__typename ... on Refusal { code } ... on InvalidInput { path } ... on ClientAccount { id email name state client { id } }'
const sessionFields =
  '__typename ... on Session { accessToken refreshToken viewer { user { id email name } roles scopes client { id } organization { id name } places { organizationId roles } } }'

async function invite(viewer: Viewer | null, input: { clientId: string; email: string }): Promise<Account> {
  const text = `mutation ($input: InviteClientInput!) { account: inviteClient(input: $input) { ${accountFields} } }`
  return (await town.client.data<{ account: Account }>(viewer, text, { input })).account
}

/** The token of the newest invitation to an address. */
async function letterTo(viewer: Viewer, email: string): Promise<string> {
  const { nodes } = await town.platform.mail.kept(viewer, { first: 20, after: null })
  const text = nodes.find(({ to }) => to === email)?.text ?? ''
  return /\/invitation\?token=([\w-]+)/.exec(text)?.[1] ?? ''
}

async function accept(token: string, given: { password?: string; name?: string } = {}): Promise<Session> {
  const text = `mutation ($token: String!, $password: String, $name: String) {
    session: acceptInvitation(token: $token, password: $password, name: $name) { ${sessionFields} } }`
  const variables = { token, password, name: 'Zoé Petit', ...given }
  return (await town.client.data<{ session: Session }>(null, text, variables)).session
}

async function remove(viewer: Viewer, id: string | null): Promise<Account> {
  const text = `mutation ($id: ID!) { account: removeClientAccount(id: $id) { __typename ... on ClientAccountRemoved { id sessionsEnded } } }`
  return (await town.client.data<{ account: Account }>(viewer, text, { id })).account
}

async function list(viewer: Viewer, clientId: string): Promise<Account[]> {
  const text = `query ($clientId: ID!) { accounts: clientAccounts(clientId: $clientId) { nodes { id email name state } } }`
  return (await town.client.data<{ accounts: { nodes: Account[] } }>(viewer, text, { clientId })).accounts.nodes
}

async function isRefused({ accessToken }: Session): Promise<boolean> {
  const verified = await town.platform.keys.verifyAccessToken(accessToken)
  return !verified || (await accessEnded(town.platform.coordination, verified))
}

async function house() {
  const owner = await town.viewerOf(await town.signUp())
  return { owner, client: town.know(owner) }
}

/** An owner, a client of theirs, and somebody with an account of that one. */
async function settled(given: { owner?: Viewer; client?: KnownClient } = {}) {
  const owner = given.owner ?? (await town.viewerOf(await town.signUp()))
  const client = given.client ?? town.know(owner)
  const email = `${newId('p')}@exemple.fr`
  await invite(owner, { clientId: client.id, email })
  const session = await accept(await letterTo(owner, email))
  return { owner, client, email, session, viewer: await town.viewerOf(session) }
}

test('whoever accepts has an account without roles that sees what is the client’s, and logs in with it where everybody does', async () => {
  const { owner, client, email, session, viewer } = await settled()
  expect(session.viewer).toMatchObject({
    user: { email, name: 'Zoé Petit' },
    roles: [],
    scopes: ownScopes,
    client: { id: client.id },
    places: [{ organizationId: owner.organizationId, roles: [] }],
  })
  expect(viewer).toMatchObject({ clientId: client.id, roles: [], scopes: ownScopes, keyId: null })
  const again = await town.viewerOf(await town.logIn(email, password))
  expect(again).toMatchObject({ userId: viewer.userId, clientId: client.id, scopes: ownScopes })
  const renewed = await town.viewerOf(await town.refresh(session.refreshToken))
  expect(renewed).toEqual(viewer)
})

test('an invitation says that it is for a client, and may be sent again while nobody has accepted', async () => {
  const { owner, client } = await house()
  const email = `${newId('p')}@exemple.fr`
  expect(await invite(owner, { clientId: client.id, email })).toMatchObject({ state: 'INVITED', email, name: null })
  const first = await letterTo(owner, email)
  await invite(owner, { clientId: client.id, email })
  const second = await letterTo(owner, email)
  const offer = async (token: string) =>
    town.client.data(null, `{ invitation(token: "${token}") { roles isForClient email hasAccount } }`)
  expect(await offer(first)).toEqual({ invitation: null })
  expect(await offer(second)).toEqual({ invitation: { roles: [], isForClient: true, email, hasAccount: false } })
  expect(await list(owner, client.id)).toEqual([expect.objectContaining({ email, state: 'INVITED', name: null })])
})

test('whoever has a place there is not invited, in either way', async () => {
  const { owner, client, email } = await settled()
  const { email: staff } = (
    await town.client.data<{ viewer: { user: { email: string } } }>(owner, '{ viewer { user { email } } }')
  ).viewer.user
  for (const taken of [staff, email])
    expect((await invite(owner, { clientId: client.id, email: taken })).path).toEqual(['email'])
  const text = `mutation { answer: inviteMember(email: "${email}", roles: [VIEWER]) { __typename } }`
  expect(await town.client.data(owner, text)).toEqual({ answer: { __typename: 'InvalidInput' } })
})

test('a client is invited by a person who manages members, to a client of their own organisation', async () => {
  const { owner, client } = await house()
  const stranger = await town.viewerOf(await town.signUp())
  const email = `${newId('p')}@exemple.fr`
  const clerk: Viewer = { ...owner, roles: ['OPERATOR'], scopes: ['record:read', 'record:write', 'member:read'] }
  const program: Viewer = { ...owner, userId: null, sessionId: null, keyId: 'key_1' }
  const names = [
    await invite(stranger, { clientId: client.id, email }),
    await invite(owner, { clientId: newId('cli'), email }),
    await invite(clerk, { clientId: client.id, email }),
    await invite(program, { clientId: client.id, email }),
  ].map(({ __typename }) => __typename)
  expect(names).toEqual(['NotFound', 'NotFound', 'NotAllowed', 'NotAllowed'])
})

test('an invitation ends with the right of whoever sent it', async () => {
  const { owner, client } = await house()
  const email = `${newId('p')}@exemple.fr`
  await invite(owner, { clientId: client.id, email })
  await town.platform.database.asOwner(`update tenancy.member set roles = '{VIEWER}' where organization_id = $1`, [
    owner.organizationId,
  ])
  expect((await accept(await letterTo(owner, email))).__typename).toBe('LinkInvalid')
})

test('an account of a client is no member: it is in no list of them, counts for nothing and takes no rights', async () => {
  const { owner, viewer } = await settled()
  const members =
    '{ viewer { organization { members { totalCount nodes { user { id } } } invitations { totalCount } } } }'
  expect(await town.client.data(owner, members)).toEqual({
    viewer: {
      organization: {
        members: { totalCount: 1, nodes: [{ user: { id: owner.userId } }] },
        invitations: { totalCount: 0 },
      },
    },
  })
  const acts = [
    `changeMemberRoles(input: { userId: "${viewer.userId}", roles: [OWNER] })`,
    `changeMemberScopes(input: { userId: "${viewer.userId}", granted: ["record:read"], withheld: [] })`,
    `removeMember(userId: "${viewer.userId}")`,
  ]
  for (const act of acts)
    expect(await town.client.data(owner, `mutation { answer: ${act} { __typename } }`)).toEqual({
      answer: { __typename: 'NotFound' },
    })
  const both = town.platform.database.asOwner(`update tenancy.member set roles = '{VIEWER}' where user_id = $1`, [
    viewer.userId,
  ])
  await expect(both).rejects.toThrow(/member_or_client/)
})

test('an account of a client is told no notice of the house, by name or with everybody', async () => {
  const { owner, viewer } = await settled()
  const told = await town.platform.sql.withOrganization({ organizationId: owner.organizationId }, async (tx) => [
    ...(await loadRecipients(tx, null)),
    ...(await loadRecipients(tx, [viewer.userId ?? '', owner.userId ?? ''])),
  ])
  expect(told.map(({ userId }) => userId)).toEqual([owner.userId, owner.userId])
})

test('nobody answers for a key whose maker is a client by now', async () => {
  const { owner, client } = await house()
  const made = await town.client.data<{ made: { token: string; apiKey: { id: string } } }>(
    owner,
    `mutation { made: createApiKey(input: { name: "ERP", kind: INTERNAL, scopes: ["document:read"] }) { ... on NewApiKey { token apiKey { id } } } }`,
  )
  const { id } = made.made.apiKey
  const read = openApiKeys(town.platform.keys).read(made.made.token)
  const holder = `query ($id: ID!, $hash: String!) { apiKeyHolder(id: $id, hash: $hash) { scopes } }`
  expect(await town.client.data(null, holder, { ...read })).toEqual({ apiKeyHolder: { scopes: ['document:read'] } })
  await town.platform.database.asOwner(
    `update tenancy.member set roles = '{}', client_id = $2 where organization_id = $1`,
    [owner.organizationId, client.id],
  )
  expect(await town.client.data(null, holder, { ...read })).toEqual({ apiKeyHolder: null })
  expect(await town.client.data(owner, `{ apiKey(id: "${id}") { state heldScopes } }`)).toEqual({
    apiKey: { state: 'WITHOUT_MAKER', heldScopes: [] },
  })
})

test('the rows hold a client to what is theirs: their own account and sessions, and the name of the organisation', async () => {
  const { owner, client, viewer } = await settled()
  await settled({ owner, client })
  const seen = await town.platform.sql.withOrganization(viewer, async (tx) => {
    const ids = async (table: string, column: string) => {
      const rows = await tx
        .withTables<Record<string, Record<string, string>>>()
        .selectFrom(table)
        .select(column)
        .execute()
      return rows.map((row) => row[column])
    }
    return {
      organizations: await ids('tenancy.organization', 'id'),
      people: await ids('tenancy.person', 'id'),
      members: await ids('tenancy.member', 'user_id'),
      sessions: await ids('tenancy.session', 'id'),
      links: await ids('tenancy.client_link', 'id'),
      invitations: await ids('tenancy.invitation', 'id'),
      tokens: await ids('tenancy.refresh_token', 'hash'),
    }
  })
  expect(seen).toEqual({
    organizations: [owner.organizationId],
    people: [viewer.userId],
    members: [viewer.userId],
    sessions: [viewer.sessionId],
    links: [],
    invitations: [],
    tokens: [],
  })
})

test('a client changes their password, sees and ends their own sessions, and logs out', async () => {
  const { email, viewer } = await settled()
  const second = await town.logIn(email, password)
  const asked = await town.client.data<{ viewer: { sessions: { id: string; isCurrent: boolean }[] } }>(
    viewer,
    '{ viewer { sessions { id isCurrent } } }',
  )
  expect(asked.viewer.sessions).toHaveLength(2)
  const other = asked.viewer.sessions.find(({ isCurrent }) => !isCurrent)?.id ?? ''
  await town.client.data(viewer, `mutation { endSession(id: "${other}") { __typename } }`)
  expect(await isRefused(second)).toBe(true)
  const next = 'un autre bon mot de passe'
  const change = `mutation { answer: changePassword(currentPassword: "${password}", newPassword: "${next}") { __typename } }`
  expect(await town.client.data(viewer, change)).toEqual({ answer: { __typename: 'PasswordChanged' } })
  const session = await town.logIn(email, next)
  const out = await town.client.data(await town.viewerOf(session), 'mutation { logOut { __typename } }')
  expect(out).toEqual({ logOut: { __typename: 'LoggedOut' } })
  expect(await isRefused(session)).toBe(true)
})

test('somebody who works in one organisation and is a client of another goes from the one to the other, with the rights of each', async () => {
  const home = await town.signUp({ password })
  const staff = await town.viewerOf(home)
  const { owner, client } = await house()
  await invite(owner, { clientId: client.id, email: home.viewer.user.email })
  const there = await accept(await letterTo(owner, home.viewer.user.email))
  expect(there.viewer).toMatchObject({ roles: [], scopes: ownScopes })
  const text = `mutation ($id: ID!) { session: switchOrganization(organizationId: $id) { ${sessionFields} } }`
  const go = async (viewer: Viewer, id: string) =>
    (await town.client.data<{ session: Session }>(viewer, text, { id })).session
  const back = await go(await town.viewerOf(there), staff.organizationId)
  expect(back.viewer).toMatchObject({ roles: ['OWNER'], client: null })
  expect(await isRefused(there)).toBe(true)
  const again = await go(await town.viewerOf(back), owner.organizationId)
  expect(again.viewer).toMatchObject({ roles: [], client: { id: client.id } })
})

test('a refresh token that is used twice ends the session of a client as anybody’s', async () => {
  const { session } = await settled()
  const next = await town.refresh(session.refreshToken)
  expect((await town.refresh(session.refreshToken)).__typename).toBe('InvalidCredentials')
  expect(await isRefused(next)).toBe(true)
})

test('closing an account ends its sessions at once and nobody else’s; what is no account of a client there is not found', async () => {
  const { owner, client, session, viewer, email } = await settled()
  const other = await settled({ owner, client })
  const stranger = await town.viewerOf(await town.signUp())
  expect((await remove(stranger, viewer.userId)).__typename).toBe('NotFound')
  expect((await remove(owner, owner.userId)).__typename).toBe('NotFound')
  expect(await remove(owner, viewer.userId)).toEqual({
    __typename: 'ClientAccountRemoved',
    id: viewer.userId,
    sessionsEnded: 1,
  })
  expect([await isRefused(session), await isRefused(other.session)]).toEqual([true, false])
  expect((await town.refresh(session.refreshToken)).__typename).toBe('InvalidCredentials')
  expect((await town.logIn(email, password)).__typename).toBe('InvalidCredentials')
  expect((await list(owner, client.id)).map(({ id }) => id)).toEqual([other.viewer.userId])
})

test('an invitation that is taken back opens nothing', async () => {
  const { owner, client } = await house()
  const email = `${newId('p')}@exemple.fr`
  const { id } = await invite(owner, { clientId: client.id, email })
  expect((await remove(owner, id)).__typename).toBe('ClientAccountRemoved')
  expect((await accept(await letterTo(owner, email))).__typename).toBe('LinkInvalid')
  expect((await remove(owner, id)).__typename).toBe('NotFound')
})

async function link(viewer: Viewer, clientId: string): Promise<string> {
  const text = `mutation ($input: CreateClientLinkInput!) { made: createClientLink(input: $input) { ... on MadeClientLink { url } } }`
  const { made } = await town.client.data<{ made: { url: string } }>(viewer, text, { input: { clientId } })
  return made.url.split('#')[1] ?? ''
}

async function open(token: string): Promise<Session> {
  const text = `mutation ($token: String!) { opened: openClientLink(token: $token) { __typename ... on ClientSession { accessToken } } }`
  return (await town.client.data<{ opened: Session }>(null, text, { token })).opened
}

test('all access of a client is ended at once, and no other client’s; accounts stay for who does not manage members', async () => {
  const { owner, client, session } = await settled()
  const other = await settled({ owner })
  const opened = await open(await link(owner, client.id))
  const clerk: Viewer = { ...owner, roles: ['OPERATOR'], scopes: ['record:read', 'record:write'] }
  const text = `mutation { ended: revokeClientAccess(clientId: "${client.id}") {
    ... on ClientAccessRevoked { linksEnded accountsEnded accountsLeft } } }`
  expect(await town.client.data(clerk, text)).toEqual({ ended: { linksEnded: 1, accountsEnded: 0, accountsLeft: 1 } })
  expect([await isRefused(opened), await isRefused(session)]).toEqual([true, false])
  await link(owner, client.id)
  await invite(owner, { clientId: client.id, email: `${newId('p')}@exemple.fr` })
  expect(await town.client.data(owner, text)).toEqual({ ended: { linksEnded: 1, accountsEnded: 1, accountsLeft: 0 } })
  expect([await isRefused(session), await isRefused(other.session)]).toEqual([true, false])
  expect(await list(owner, client.id)).toEqual([])
  const stranger = await town.viewerOf(await town.signUp())
  const foreign = text.replace(client.id, other.client.id)
  expect(await town.client.data(stranger, foreign)).toEqual({
    ended: { linksEnded: 0, accountsEnded: 0, accountsLeft: 0 },
  })
})

test('what ends the access of a client and is cut short before tokens are refused, is made whole when it is done again', async () => {
  const { owner, client } = await settled()
  const opened = await open(await link(owner, client.id))
  const { memory } = town.platform.coordination
  const away = { ...memory, set: () => Promise.reject(new EngineUnavailable('coordination')) }
  const cut = { ...town.platform, coordination: { ...town.platform.coordination, memory: away } }
  const whose = { clientId: client.id, withAccounts: false }
  await expect(endClientAccess(cut, owner, whose)).rejects.toThrow(EngineUnavailable)
  expect(await isRefused(opened)).toBe(false)
  expect(await endClientAccess(town.platform, owner, whose)).toMatchObject({ linksEnded: 0 })
  expect(await isRefused(opened)).toBe(true)
})

test('of a client who is erased links and accounts end, and what staff called the links is gone', async () => {
  const { owner, client, session } = await settled()
  const token = await link(owner, client.id)
  const opened = await open(token)
  await town.platform.sql.withOrganization(owner, async (tx) =>
    publish(tx, { type: 'client.erased', payload: { id: client.id } }),
  )
  await vi.waitFor(
    async () => {
      const rows = await town.platform.database.asOwner('select id from tenancy.client_link where client_id = $1', [
        client.id,
      ])
      expect(rows).toEqual([])
    },
    { timeout: 60_000, interval: 50 },
  )
  expect([await isRefused(opened), await isRefused(session)]).toEqual([true, true])
  expect((await open(token)).__typename).toBe('LinkInvalid')
})

test('an export of a person tells their links and their account, and an erasure ends both', async () => {
  const { owner, client, email, session, viewer } = await settled()
  client.email = email
  const labelled = town.know(owner, { name: 'Un autre' })
  const token = await link(owner, client.id)
  const text = `mutation ($input: CreateClientLinkInput!) { createClientLink(input: $input) { __typename } }`
  await town.client.data(owner, text, { input: { clientId: labelled.id, label: `Chez ${email}` } })
  const opened = await open(token)
  const { organizationId } = owner
  const subject = { userId: viewer.userId, emails: [email], phones: [], names: [], entityIds: [] }
  const request = { organizationId, subject, signal: new AbortController().signal }
  const room = tenancy.personalData
  if (!room) throw new Error('Tenancy knows people.')
  const held = async () =>
    (await room.find(town.platform, request)).filter(({ kept }) => !kept).map(({ store }) => store)
  expect(await held()).toEqual(expect.arrayContaining(['tenancy.member', 'tenancy.session', 'tenancy.client_link']))
  const files: Record<string, unknown> = {}
  for await (const { path, content } of room.export(town.platform, { ...request, clientIds: [client.id] }))
    files[path] = JSON.parse(String(content))
  expect(files['tenancy/client-links.json']).toMatchObject([{ client_id: client.id, uses: 1 }])
  expect(files['tenancy/account.json']).toMatchObject({ memberships: [{ roles: [], client_id: client.id }] })
  expect(JSON.stringify(files)).not.toContain('hash')
  await room.erase(town.platform, { ...request, choice: 'DELETE_DOCUMENTS' })
  expect(await held()).toEqual([])
  expect([await isRefused(opened), await isRefused(session)]).toEqual([true, true])
  const { nodes } = await listLinks(owner, labelled.id)
  expect(nodes).toHaveLength(1)
  expect(nodes[0]?.label).not.toContain(email)
})

async function listLinks(viewer: Viewer, clientId: string): Promise<{ nodes: { label: string }[] }> {
  const text = `query ($clientId: ID!) { links: clientLinks(clientId: $clientId) { nodes { label } } }`
  return (await town.client.data<{ links: { nodes: { label: string }[] } }>(viewer, text, { clientId })).links
}
