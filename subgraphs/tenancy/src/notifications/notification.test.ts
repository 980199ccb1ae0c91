import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { publish } from '@passerelle/platform/facts'
import { newId } from '@passerelle/platform/ids'
import { scopesOf, type Role, type Viewer } from '@passerelle/platform/schema'
import { rowsOf } from '@passerelle/platform/sql'
import { createTestViewer } from '@passerelle/platform/subgraph/testing'
import { loadRecipients } from './notification-recipient.store.ts'
import { remindOfKey } from './notification-key.ts'
import { writeLetter } from './notification-letter.ts'
import { openOutside, openOutwardTown, type Outside, type OutwardTown } from '../webhooks/webhook.testing.ts'

let town: OutwardTown
let outside: Outside

beforeAll(async () => {
  town = await openOutwardTown({
    // Where documents are asked for by the name that a reader may know.
    readGraph: ({ variables }) =>
      Promise.resolve({ data: { document: { title: `Facture ${String(variables?.['id'])}` } } }),
  })
})
afterAll(() => town.close())
beforeEach(async () => {
  outside = await openOutside()
})
afterEach(() => outside.close())

type Person = Viewer & { userId: string; email: string }

/** A member of a new organisation, or of the given one. */
async function join(roles: Role[], organizationId = newId('org')): Promise<Person> {
  const userId = newId('usr')
  const email = `${userId}@exemple.fr`
  await town.platform.sql.withOrganization({ organizationId, userId }, async (tx) => {
    await rowsOf(tx, `insert into tenancy.organization (id, name) values ($1, 'Fret Sud') on conflict do nothing`, [
      organizationId,
    ])
    await rowsOf(
      tx,
      `insert into tenancy.person (id, email, email_key, name, password_hash) values ($1, $2, $2, 'Ada', '-')`,
      [userId, email],
    )
    await rowsOf(tx, `insert into tenancy.member (organization_id, user_id, roles) values ($1, $2, $3)`, [
      organizationId,
      userId,
      roles,
    ])
  })
  return { ...createTestViewer({ organizationId, roles }), userId, email }
}

/** Publishes a fact and waits until people have been told. */
async function happen(
  who: { organizationId: string; userId?: string | null },
  type: string,
  payload: Record<string, unknown>,
): Promise<void> {
  const { organizationId } = who
  await town.platform.sql.withOrganization(who, async (tx) => void publish(tx, { type, payload }))
  const position = await town.platform.facts.head(organizationId)
  const at = { organizationId, position }
  expect(await town.platform.facts.reached('tenancy.notifications', at, { timeoutMs: 60_000 })).toBe(true)
}

interface Notice {
  id: string
  kind: string
  text: string
  link: string
  document: { id: string } | null
  readAt: string | null
}

const list = `query ($view: NotificationView, $first: Int, $after: String) { unreadNotifications notifications(view: $view, first: $first, after: $after) {
  totalCount pageInfo { hasNextPage endCursor } nodes { id kind text link subjectId document { id } createdAt readAt archivedAt } } }`

interface Told {
  unreadNotifications: number
  notifications: { totalCount: number; pageInfo: { endCursor: string; hasNextPage: boolean }; nodes: Notice[] }
}

const told = (viewer: Viewer, variables: object = {}): Promise<Told> =>
  town.client.data<Told>(viewer, list, { ...variables })
const kindsOf = async (viewer: Viewer): Promise<string[]> =>
  (await told(viewer)).notifications.nodes.map(({ kind }) => kind)

async function mailsOf({ organizationId, email }: Person): Promise<{ subject: string; text: string | null }[]> {
  const { nodes } = await town.platform.mail.kept({ organizationId }, { first: 100, after: null })
  return nodes.filter(({ to }) => to === email)
}

/** Lets the messages that are open go now, as if their time had come. */
async function hurryLetters({ organizationId }: Person): Promise<void> {
  await town.platform.sql.withOrganization({ organizationId }, (tx) =>
    rowsOf(
      tx,
      `update jobs.job set start_after = now() where name = 'tenancy.notification-letter' and state < 'active' and data->>'organizationId' = $1`,
      [organizationId],
    ),
  )
}

const prefer = (viewer: Viewer, input: object): Promise<unknown> =>
  town.client.data(
    viewer,
    `mutation ($input: NotificationPreferenceInput!) { setNotificationPreference(input: $input) { ... on NotificationPreference { kind } } }`,
    { input },
  )

test('nobody is taken out while they are being told: their notices go with them', async () => {
  const ada = await join(['OWNER'])
  const takeOut = `set lock_timeout = '200ms'; delete from tenancy.member where user_id = '${ada.userId}'`
  await town.platform.sql.withOrganization(ada, async (tx) => {
    expect((await loadRecipients(tx, [ada.userId])).map(({ userId }) => userId)).toEqual([ada.userId])
    await expect(town.platform.database.asOwner(takeOut)).rejects.toThrow('lock timeout')
  })
  await town.platform.database.asOwner(takeOut)
  expect(await town.platform.sql.withOrganization(ada, (tx) => loadRecipients(tx, [ada.userId]))).toEqual([])
})

test('whoever uploaded a document is told when it is read, in two languages, and nobody else is', async () => {
  const [ada, bob] = await twoOf(['OPERATOR'])
  await happen(ada, 'document.status_changed', { documentId: 'doc_1', stage: 'CHUNKING', userId: ada.userId })
  await happen(ada, 'document.status_changed', { documentId: 'doc_1', stage: 'READY', userId: ada.userId })
  expect(await told(ada)).toMatchObject({
    unreadNotifications: 1,
    notifications: {
      totalCount: 1,
      nodes: [
        {
          kind: 'DOCUMENT_READY',
          text: 'Un document est lu et prêt',
          link: '/documents/doc_1',
          document: { id: 'doc_1' },
        },
      ],
    },
  })
  const english = `{ notifications { nodes { text(language: EN) } } }`
  expect(await town.client.data(ada, english)).toEqual({
    notifications: { nodes: [{ text: 'A document is read and ready' }] },
  })
  expect(await kindsOf(bob)).toEqual([])
})

test('what needs a right is told to those who hold it, but not to who did it', async () => {
  const [ada, bob] = await twoOf(['OPERATOR'])
  const viewer = await join(['VIEWER'], ada.organizationId)
  await happen(ada, 'hand_over.opened', { id: 'hnd_1', askerId: ada.userId })
  expect([await kindsOf(ada), await kindsOf(bob), await kindsOf(viewer)]).toEqual([[], ['QUESTION_WAITS'], []])
  await happen(bob, 'hand_over.answered', { id: 'hnd_1', askerId: ada.userId })
  expect(await kindsOf(ada)).toEqual(['QUESTION_ANSWERED'])
})

test('every kind comes of its fact, to the one it concerns', async () => {
  const owner = await join(['OWNER'])
  const service = { organizationId: owner.organizationId }
  const { userId } = owner
  const facts: [string, Record<string, unknown>, string][] = [
    ['document.status_changed', { documentId: 'doc_1', stage: 'READY', userId }, 'DOCUMENT_READY'],
    ['document.status_changed', { documentId: 'doc_2', stage: 'FAILED', userId }, 'DOCUMENT_FAILED'],
    ['hand_over.opened', { id: 'hnd_1' }, 'QUESTION_WAITS'],
    ['hand_over.taken', { id: 'hnd_1', askerId: userId }, 'QUESTION_TAKEN'],
    ['hand_over.answered', { id: 'hnd_1', askerId: userId }, 'QUESTION_ANSWERED'],
    ['service_request.created', { id: 'req_1', author: 'CLIENT', assigneeId: null }, 'REQUEST_RECEIVED'],
    ['service_request.message_added', { id: 'req_1', author: 'CLIENT', assigneeId: userId }, 'REQUEST_MESSAGE'],
    [
      'approval.proposed',
      { id: 'apr_1', kind: 'sql', status: 'WAITING', requiredScopes: ['record:write'] },
      'APPROVAL_WAITS',
    ],
    ['approval.rejected', { id: 'apr_1', kind: 'sql', status: 'REJECTED', proposerId: userId }, 'APPROVAL_DECIDED'],
    ['usage.reached', { metric: 'tokens', percent: 80 }, 'USAGE_NEAR'],
    ['usage.reached', { metric: 'pages', percent: 100 }, 'USAGE_OVER'],
    ['api_key.expiring', { apiKeyId: 'key_1' }, 'KEY_EXPIRING'],
    ['webhook.paused', { id: 'whk_1', because: 'FAILING' }, 'WEBHOOK_FAILING'],
    ['workflow_run.changed', { id: 'wfr_1', state: 'TIMED_OUT', userId }, 'WORKFLOW_FAILED'],
    ['workflow_run.changed', { id: 'wfr_2', state: 'DONE', userId }, 'WORKFLOW_DONE'],
    ['member.joined', { userId: 'usr_x' }, 'INVITATION_ACCEPTED'],
    ['member.roles_changed', { userId }, 'ROLES_CHANGED'],
    ['session.started', { sessionId: 'ses_1', userId, isNewDevice: true }, 'NEW_DEVICE'],
    ['password.changed', { userId }, 'PASSWORD_CHANGED'],
    ['session.reuse_detected', { sessionId: 'ses_1', userId }, 'SESSION_REUSED'],
  ]
  const silent: [string, Record<string, unknown>][] = [
    ['webhook.paused', { id: 'whk_2', because: 'PERSON' }],
    ['service_request.created', { id: 'req_2', author: 'HOUSE', assigneeId: null }],
    ['service_request.message_added', { id: 'req_2', author: 'CLIENT', assigneeId: 'usr_gone' }],
    ['session.started', { sessionId: 'ses_2', userId, isNewDevice: false }],
    ['workflow_run.changed', { id: 'wfr_3', state: 'RUNNING', userId }],
    ['approval.proposed', { id: 'apr_2', requiredScopes: ['nothing:held'] }],
    ['document.status_changed', { documentId: 'doc_3', stage: 'READY', userId: 'usr_gone' }],
  ]
  for (const [type, payload] of [...facts, ...silent]) await happen(service, type, payload)
  expect((await told(owner, { first: 100 })).notifications.nodes.map(({ kind }) => kind).reverse()).toEqual(
    facts.map(([, , kind]) => kind),
  )
  const texts = (await told(owner, { first: 100 })).notifications.nodes.map(({ text }) => text)
  expect(texts).toContain('80 % du forfait sont utilisés (jetons des modèles)')
  expect(texts).toContain('Votre proposition est refusée')
})

test('the same topic is told once within the hour, and a fact that comes twice once', async () => {
  const ada = await join(['OPERATOR'])
  const ready = { documentId: 'doc_1', stage: 'READY', userId: ada.userId }
  await happen(ada, 'document.status_changed', ready)
  await happen(ada, 'document.status_changed', ready)
  await happen(ada, 'document.status_changed', { ...ready, documentId: 'doc_2' })
  expect(await kindsOf(ada)).toHaveLength(2)
  await town.platform.sql.withOrganization(ada, async (tx) => {
    await rowsOf(tx, `update tenancy.notification set created_at = now() - interval '2 hours'`, [])
    await rowsOf(tx, `update platform.fact_cursor set position = 0 where consumer = 'tenancy.notifications'`, [])
  })
  await happen(ada, 'document.status_changed', ready)
  expect(await kindsOf(ada)).toHaveLength(3)
  await town.platform.sql.withOrganization(ada, (tx) =>
    rowsOf(
      tx,
      `update tenancy.notification set created_at = now() - interval '200 days' where subject_id = 'doc_1'`,
      [],
    ),
  )
  await happen(ada, 'document.status_changed', { ...ready, documentId: 'doc_3' })
  expect((await told(ada)).notifications.nodes.map(({ link }) => link)).toEqual([
    '/documents/doc_3',
    '/documents/doc_2',
  ])
})

test('a person reads, marks, puts away and pages through their own, live on every screen, and nobody else’s', async () => {
  const [ada, bob] = await twoOf(['OPERATOR'])
  const live = await town.client.subscribe<{
    notificationReceived: { notification: Notice | null; unread: number; cursor: string }
  }>(ada, `subscription { notificationReceived(after: "0") { notification { id kind } unread cursor } }`)
  for (const id of ['doc_1', 'doc_2', 'doc_3'])
    await happen(ada, 'document.status_changed', { documentId: id, stage: 'READY', userId: ada.userId })
  expect((await live.next()).data.notificationReceived).toMatchObject({ notification: { kind: 'DOCUMENT_READY' } })
  await live.next()
  const third = (await live.next()).data.notificationReceived
  expect(third.unread).toBe(3)
  const first = await told(ada, { first: 2 })
  expect(first.notifications.pageInfo.hasNextPage).toBe(true)
  const rest = await told(ada, { first: 2, after: first.notifications.pageInfo.endCursor })
  expect(rest.notifications.nodes).toHaveLength(1)
  const ids = first.notifications.nodes.map(({ id }) => id)
  const mark = `mutation ($ids: [ID!]!, $read: Boolean) { markNotificationsRead(ids: $ids, read: $read) { ... on NotificationsChanged { count unread } ... on Refusal { code } } }`
  expect(await town.client.data(bob, mark, { ids })).toEqual({ markNotificationsRead: { count: 0, unread: 0 } })
  expect(await town.client.data(ada, mark, { ids })).toEqual({ markNotificationsRead: { count: 2, unread: 1 } })
  expect((await live.next()).data.notificationReceived).toMatchObject({ notification: null, unread: 1 })
  expect(await town.client.data(ada, mark, { ids: ids.slice(0, 1), read: false })).toMatchObject({
    markNotificationsRead: { count: 1, unread: 2 },
  })
  const archive = `mutation ($ids: [ID!]!) { archiveNotifications(ids: $ids) { ... on NotificationsChanged { count unread } } }`
  expect(await town.client.data(ada, archive, { ids })).toEqual({ archiveNotifications: { count: 2, unread: 1 } })
  expect((await told(ada)).notifications.totalCount).toBe(1)
  expect((await told(ada, { view: 'ARCHIVED' })).notifications.totalCount).toBe(2)
  const all = `mutation { markAllNotificationsRead { ... on NotificationsChanged { count unread } } }`
  expect(await town.client.data(ada, all)).toEqual({ markAllNotificationsRead: { count: 1, unread: 0 } })
  expect((await told(ada, { view: 'UNREAD' })).notifications.nodes).toEqual([])
  const tooMany = { ids: Array.from({ length: 101 }, () => ids[0]) }
  expect(await town.client.data(ada, mark, tooMany)).toEqual({ markNotificationsRead: { code: 'INVALID_INPUT' } })
  await live.end()
})

test('a key and nobody are told nothing', async () => {
  const key: Viewer = { ...createTestViewer(), userId: null, sessionId: null, keyId: newId('key') }
  for (const viewer of [key, null]) {
    const { errors } = await town.client.ask(viewer, list)
    expect(errors[0]?.extensions?.code).toBe(viewer ? 'FORBIDDEN' : 'UNAUTHENTICATED')
  }
})

test('notices that come together are one mail, by name where the reader may know it, and what was read is not written', async () => {
  const ada = await join(['OPERATOR'])
  await prefer(ada, { kind: 'DOCUMENT_READY', inApp: true, mail: 'NOW' })
  for (const id of ['doc_1', 'doc_2', 'doc_3'])
    await happen(ada, 'document.status_changed', { documentId: id, stage: 'READY', userId: ada.userId })
  const [newest] = (await told(ada)).notifications.nodes
  const mark = `mutation ($ids: [ID!]!) { markNotificationsRead(ids: $ids) { __typename } }`
  await town.client.data(ada, mark, { ids: [newest?.id] })
  expect(await mailsOf(ada)).toEqual([])
  await hurryLetters(ada)
  const mails = await vi.waitFor(
    async () => {
      const found = await mailsOf(ada)
      expect(found).toHaveLength(1)
      return found
    },
    { timeout: 60_000, interval: 50 },
  )
  expect(mails[0]?.subject).toBe('2 notifications')
  expect(mails[0]?.text).toContain(
    '• Un document est lu et prêt : Facture doc_1\n  http://localhost:4000/documents/doc_1',
  )
  expect(mails[0]?.text).not.toContain('doc_3')
  await happen(ada, 'document.status_changed', { documentId: 'doc_4', stage: 'READY', userId: ada.userId })
  await hurryLetters(ada)
  await vi.waitFor(async () => expect(await mailsOf(ada)).toHaveLength(2), { timeout: 60_000, interval: 50 })
})

test('a message that was written before its process was killed is not written again', async () => {
  const ada = await join(['OPERATOR'])
  await prefer(ada, { kind: 'DOCUMENT_READY', inApp: true, mail: 'NOW' })
  await happen(ada, 'document.status_changed', { documentId: 'doc_1', stage: 'READY', userId: ada.userId })
  const [letter] = await town.platform.sql.withOrganization(ada, (tx) =>
    rowsOf<{ id: string }>(tx, `select id from tenancy.notification_letter`, []),
  )
  const dying = { ...town.platform, mail: { ...town.platform.mail, send: sendAndDie } }
  async function sendAndDie(message: Parameters<typeof town.platform.mail.send>[0]): Promise<void> {
    await town.platform.mail.send(message)
    throw new Error('killed')
  }
  await expect(writeLetter(dying, ada.organizationId, letter?.id ?? '')).rejects.toThrow('killed')
  await writeLetter(town.platform, ada.organizationId, letter?.id ?? '')
  await writeLetter(town.platform, ada.organizationId, letter?.id ?? '')
  expect(await mailsOf(ada)).toHaveLength(1)
})

test('who wants neither screen nor mail is told nothing, and who wants mail alone sees nothing on the screen', async () => {
  const ada = await join(['OPERATOR'])
  await prefer(ada, { kind: 'DOCUMENT_READY', inApp: false, mail: 'OFF' })
  await prefer(ada, { kind: 'DOCUMENT_FAILED', inApp: false, mail: 'DIGEST' })
  await happen(ada, 'document.status_changed', { documentId: 'doc_1', stage: 'READY', userId: ada.userId })
  await happen(ada, 'document.status_changed', { documentId: 'doc_2', stage: 'FAILED', userId: ada.userId })
  expect(await told(ada)).toMatchObject({ unreadNotifications: 0, notifications: { totalCount: 0 } })
  await hurryLetters(ada)
  const mails = await vi.waitFor(
    async () => {
      const found = await mailsOf(ada)
      expect(found).toHaveLength(1)
      return found
    },
    { timeout: 60_000, interval: 50 },
  )
  expect(mails[0]?.subject).toBe('Un document n’a pas pu être lu')
})

test('what people have said of each kind, of their language and their hours is kept, theirs alone, and checked', async () => {
  const [ada, bob] = await twoOf(['OPERATOR'])
  const set = `mutation ($input: NotificationSettingsInput!) { setNotificationSettings(input: $input) { ... on Refusal { code message } ... on NotificationSettings { language timeZone digestHour quietFrom quietTo } } }`
  const read = `{ notificationSettings { language timeZone digestHour quietFrom quietTo } notificationPreferences { kind inApp mail } }`
  const usual = { language: 'FR', timeZone: 'Europe/Paris', digestHour: 8, quietFrom: null, quietTo: null }
  const theirs = { language: 'EN', timeZone: 'Indian/Reunion', digestHour: 18, quietFrom: 21, quietTo: 7 }
  expect(await town.client.data(ada, set, { input: theirs })).toEqual({ setNotificationSettings: theirs })
  expect(await town.client.data(ada, read)).toMatchObject({ notificationSettings: theirs })
  expect(await town.client.data(bob, read)).toMatchObject({ notificationSettings: usual })
  await prefer(ada, { kind: 'QUESTION_WAITS', inApp: true, mail: 'OFF' })
  const { notificationPreferences: said } = await town.client.data<{ notificationPreferences: object[] }>(ada, read)
  expect(said).toHaveLength(20)
  expect(said).toContainEqual({ kind: 'QUESTION_WAITS', inApp: true, mail: 'OFF' })
  expect(said).toContainEqual({ kind: 'APPROVAL_WAITS', inApp: true, mail: 'NOW' })
  for (const wrong of [{ timeZone: 'Mars/Olympus' }, { digestHour: 24 }, { quietTo: null }, { quietFrom: -1 }])
    expect(await town.client.data(ada, set, { input: { ...theirs, ...wrong } })).toMatchObject({
      setNotificationSettings: { code: 'INVALID_INPUT' },
    })
  await prefer(ada, { kind: 'DOCUMENT_READY', inApp: true, mail: 'NOW' })
  await happen(ada, 'document.status_changed', { documentId: 'doc_1', stage: 'READY', userId: ada.userId })
  await hurryLetters(ada)
  await vi.waitFor(async () => expect((await mailsOf(ada))[0]?.subject).toBe('A document is read and ready'), {
    timeout: 60_000,
    interval: 50,
  })
})

test('a Slack and a Teams room hear of the kinds they were made for, once, each in its own form', async () => {
  const owner = await join(['OWNER'])
  const create = `mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { ... on Refusal { code } ... on WebhookSecret { secret webhook { id kind url } } } }`
  const room = async (kind: string, types: string[], language = 'FR'): Promise<unknown> => {
    const input = { name: kind, kind, types, language, url: `${outside.url}/services/T0/B0/${kind}` }
    return (await town.client.data<{ createWebhook: unknown }>(owner, create, { input })).createWebhook
  }
  expect(await room('SLACK', ['USAGE_OVER'])).toEqual({
    secret: null,
    webhook: { id: expect.any(String), kind: 'SLACK', url: `${outside.url}/…` },
  })
  await room('TEAMS', ['USAGE_OVER'], 'EN')
  expect(await room('SLACK', ['PASSWORD_CHANGED'])).toMatchObject({ code: 'INVALID_INPUT' })
  expect(await room('SLACK', ['shipment.created'])).toMatchObject({ code: 'INVALID_INPUT' })
  const service = { organizationId: owner.organizationId }
  await happen(service, 'usage.reached', { metric: 'pages', percent: 100 })
  await happen(service, 'usage.reached', { metric: 'pages', percent: 100 })
  await happen(service, 'usage.reached', { metric: 'pages', percent: 80 })
  const received = await outside.asked(2)
  const bodies = new Map(received.map(({ path, body }) => [path.split('/').at(-1), JSON.parse(body)]))
  const url = 'http://localhost:4000/admin/usage'
  expect(bodies.get('SLACK')).toEqual({
    text: 'Le forfait est entièrement utilisé (pages)',
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: '*Le forfait est entièrement utilisé (pages)*' } },
      { type: 'context', elements: [{ type: 'mrkdwn', text: `Passerelle · <${url}|Ouvrir>` }] },
    ],
  })
  expect(bodies.get('TEAMS')).toMatchObject({
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        content: {
          type: 'AdaptiveCard',
          body: [{ text: 'The plan is used up (pages)' }, { text: 'Passerelle' }],
          actions: [{ type: 'Action.OpenUrl', title: 'Open', url }],
        },
      },
    ],
  })
  expect(received.every(({ headers }) => headers['webhook-signature'] === undefined)).toBe(true)
  expect(received).toHaveLength(2)
})

test('a key is spoken of two weeks before it ends, unless it was revoked', async () => {
  const owner = await join(['OWNER'])
  const rows = (): Promise<{ id: string }[]> =>
    town.platform.sql.withOrganization(owner, (tx) => rowsOf<{ id: string }>(tx, `select id from tenancy.api_key`, []))
  await town.platform.sql.withOrganization(owner, (tx) =>
    rowsOf(
      tx,
      `insert into tenancy.api_key (id, organization_id, name, kind, scopes, networks, maker_id, hash, expires_at)
       values ($1, $2, 'ERP', 'INTERNAL', '{}', '{}', $3, $1, now() + interval '90 days')`,
      [newId('key'), owner.organizationId, owner.userId],
    ),
  )
  const [key] = await rows()
  await happen(owner, 'api_key.created', { apiKeyId: key?.id })
  const due = await vi.waitFor(
    async () => {
      const jobs = await town.platform.sql.withOrganization(owner, (tx) =>
        rowsOf<{ days: number }>(
          tx,
          `select extract(epoch from start_after - now()) / 86400 as days from jobs.job where name = 'tenancy.key-reminder' and data->'data'->>'apiKeyId' = $1`,
          [key?.id],
        ),
      )
      expect(jobs).toHaveLength(1)
      return jobs
    },
    { timeout: 60_000, interval: 50 },
  )
  expect(Math.round(Number(due[0]?.days))).toBe(76)
  await remindOfKey(town.platform, owner.organizationId, key?.id ?? '')
  await happen(owner, 'thing.happened', {})
  expect(await kindsOf(owner)).toEqual(['KEY_EXPIRING'])
})

async function twoOf(roles: Role[]): Promise<[Person, Person]> {
  const first = await join(roles)
  expect(first.scopes).toEqual(scopesOf(roles))
  return [first, await join(roles, first.organizationId)]
}
