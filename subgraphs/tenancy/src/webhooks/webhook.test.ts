import { createHmac } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { publish } from '@passerelle/platform/facts'
import { scopesOf, type Viewer } from '@passerelle/platform/schema'
import { rowsOf } from '@passerelle/platform/sql'
import { createTestViewer } from '@passerelle/platform/subgraph/testing'
import { tryDelivery } from './webhook-try.ts'
import { openOutside, openOutwardTown, type Outside, type OutwardTown, type Received } from './webhook.testing.ts'

let town: OutwardTown
let outside: Outside

beforeAll(async () => {
  town = await openOutwardTown()
})
afterAll(() => town.close())
beforeEach(async () => {
  outside = await openOutside()
})
afterEach(() => outside.close())

interface Made {
  secret: string
  webhook: { id: string }
}

const create = `mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) {
  __typename ... on Refusal { code message } ... on InvalidInput { path } ... on WebhookSecret { secret webhook { id state types } } } }`

async function createWebhook(viewer: Viewer, input: object = {}): Promise<Made> {
  const given = { name: 'ERP', url: `${outside.url}/hook`, types: ['shipment.*'], ...input }
  return (await town.client.data<{ createWebhook: Made }>(viewer, create, { input: given })).createWebhook
}

function happen(viewer: Viewer, type: string, payload: Record<string, unknown> = {}): Promise<void> {
  return town.platform.sql.withOrganization(viewer, async (tx) => void publish(tx, { type, payload }))
}

interface Delivery {
  id: string
  type: string
  state: string
  nextTryAt: string | null
  attempts: { number: number; status: number | null; failure: string | null; answer: string | null }[]
}

const log = `query ($id: ID!, $first: Int, $after: String, $states: [WebhookDeliveryState!]) { webhook(id: $id) { state pausedBecause failingSince previousSecretUntil
  deliveries(first: $first, after: $after, states: $states) { totalCount pageInfo { endCursor } nodes { id type state nextTryAt body attempts { number status failure latencyMs answer } } } } }`

interface Log {
  state: string
  pausedBecause: string | null
  failingSince: string | null
  previousSecretUntil: string | null
  deliveries: { totalCount: number; pageInfo: { endCursor: string }; nodes: Delivery[] }
}

async function logOf(viewer: Viewer, id: string, variables: object = {}): Promise<Log> {
  return (await town.client.data<{ webhook: Log }>(viewer, log, { id, ...variables })).webhook
}

async function deliveriesOf(viewer: Viewer, id: string): Promise<Delivery[]> {
  return (await logOf(viewer, id)).deliveries.nodes
}

/** Waits for what the jobs write down. */
function settled<T>(look: () => Promise<T>, isSo: (value: T) => boolean): Promise<T> {
  const once = async (): Promise<T> => {
    const value = await look()
    expect(isSo(value), JSON.stringify(value)).toBe(true)
    return value
  }
  return vi.waitFor(once, { timeout: 60_000, interval: 50 })
}

/** What a receiver does by the specification. */
function isSigned({ headers, body }: Received, secret: string): boolean {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  const text = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
  const right = `v1,${createHmac('sha256', key).update(text).digest('base64')}`
  return (headers['webhook-signature'] ?? '').split(' ').includes(right)
}

const inHours = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString()

/** Makes what waits due, as if its time had come. */
async function hurry(organizationId: string): Promise<void> {
  await town.platform.sql.withOrganization({ organizationId }, async (tx) => {
    await rowsOf(tx, `update tenancy.webhook_delivery set next_at = now() where state = 'WAITING'`, [])
    await rowsOf(
      tx,
      `update jobs.job set start_after = now() where name = 'tenancy.webhook-delivery' and state < 'active'`,
      [],
    )
  })
}

test('a fact of a type that a webhook hears arrives once, signed, with ids and nothing more', async () => {
  const viewer = createTestViewer()
  const { webhook, secret } = await createWebhook(viewer)
  expect(webhook).toMatchObject({ state: 'ACTIVE', types: ['shipment.*'] })
  await happen(viewer, 'shipment.created', { id: 'shp_1', status: 'ANNOUNCED' })
  await happen(viewer, 'client.created', { id: 'cli_1' })
  const [received] = await outside.asked(1)
  if (!received) throw new Error('Nothing came.')
  const deliveries = await settled(
    () => deliveriesOf(viewer, webhook.id),
    ([first]) => first?.state === 'DELIVERED',
  )
  expect(deliveries).toMatchObject([
    {
      type: 'shipment.created',
      state: 'DELIVERED',
      nextTryAt: null,
      attempts: [{ number: 1, status: 200, failure: null }],
    },
  ])
  expect(received.path).toBe('/hook')
  expect(received.headers).toMatchObject({ 'webhook-id': deliveries[0]?.id, 'content-type': 'application/json' })
  expect(isSigned(received, secret)).toBe(true)
  expect(JSON.parse(received.body)).toEqual({
    type: 'shipment.created',
    timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
    organizationId: viewer.organizationId,
    cursor: expect.stringMatching(/^\d+$/),
    data: { id: 'shp_1', status: 'ANNOUNCED' },
  })
})

test('what failed is tried again under the same id with the same words, later each time, and its tries are in the log', async () => {
  const viewer = createTestViewer()
  const { webhook } = await createWebhook(viewer)
  outside.answer = () => ({ status: 503, body: `no ${'x'.repeat(2_000)}` })
  await happen(viewer, 'shipment.created', { id: 'shp_1' })
  const [waiting] = await settled(
    () => deliveriesOf(viewer, webhook.id),
    ([first]) => first?.attempts.length === 1 && new Date(first.nextTryAt ?? 0).getTime() > Date.now() + 5_000,
  )
  expect(waiting).toMatchObject({ state: 'WAITING', attempts: [{ status: 503, failure: null }] })
  expect(waiting?.attempts[0]?.answer).toHaveLength(1_024)
  expect((await logOf(viewer, webhook.id)).failingSince).not.toBeNull()
  outside.answer = () => ({ status: 204 })
  await hurry(viewer.organizationId)
  const [done] = await settled(
    () => deliveriesOf(viewer, webhook.id),
    ([first]) => first?.state === 'DELIVERED',
  )
  expect(done?.attempts.map(({ number, status }) => [number, status])).toEqual([
    [1, 503],
    [2, 204],
  ])
  const [first, second] = outside.received
  expect(first?.headers['webhook-id']).toBe(second?.headers['webhook-id'])
  expect(first?.body).toBe(second?.body)
  expect((await logOf(viewer, webhook.id)).failingSince).toBeNull()
})

test('after a day of tries a message is given up, the organisation is told once, and it can be sent again under its id', async () => {
  const viewer = createTestViewer()
  const { webhook } = await createWebhook(viewer)
  outside.answer = () => ({ status: 500 })
  const facts = town.platform.facts.subscribe(viewer.organizationId, { types: ['webhook.failing'] })
  const failing = facts.next()
  await happen(viewer, 'shipment.created', { id: 'shp_1' })
  await settled(
    () => deliveriesOf(viewer, webhook.id),
    ([each]) => each?.attempts.length === 1,
  )
  await town.platform.sql.withOrganization(viewer, async (tx) => {
    await rowsOf(tx, `update tenancy.webhook_delivery set tried_since = now() - interval '24 hours'`, [])
  })
  await hurry(viewer.organizationId)
  const [failed] = await settled(
    () => deliveriesOf(viewer, webhook.id),
    ([each]) => each?.state === 'FAILED',
  )
  expect(failed).toMatchObject({ state: 'FAILED', nextTryAt: null })
  expect((await failing).value).toMatchObject({ payload: { id: webhook.id } })
  await facts.return?.()
  outside.answer = () => ({ status: 200 })
  const replay = `mutation ($id: ID!) { replayWebhookDelivery(id: $id) { ... on WebhookDelivery { id state } } }`
  await town.client.data(viewer, replay, { id: failed?.id })
  await settled(
    () => deliveriesOf(viewer, webhook.id),
    ([each]) => each?.state === 'DELIVERED',
  )
  expect(new Set(outside.received.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([failed?.id]))
})

test('a period is sent once more: what failed alone, or all of it', async () => {
  const viewer = createTestViewer()
  const { webhook } = await createWebhook(viewer)
  for (const id of ['shp_1', 'shp_2']) await happen(viewer, 'shipment.created', { id })
  await outside.asked(2)
  await settled(
    () => deliveriesOf(viewer, webhook.id),
    (all) => all.length === 2 && all.every(({ state }) => state === 'DELIVERED'),
  )
  const replay = `mutation ($input: ReplayWebhookInput!) { replayWebhookDeliveries(input: $input) { __typename ... on WebhookReplayed { count } ... on Refusal { code } } }`
  const input = { webhookId: webhook.id, from: inHours(-1), to: inHours(1) }
  const again = async (more: object): Promise<unknown> =>
    (await town.client.data<{ replayWebhookDeliveries: unknown }>(viewer, replay, { input: { ...input, ...more } }))
      .replayWebhookDeliveries
  expect(await again({})).toMatchObject({ count: 0 })
  expect(await again({ failedOnly: false })).toMatchObject({ count: 2 })
  expect(await again({ from: input.to, to: input.from })).toMatchObject({ code: 'INVALID_INPUT' })
  await outside.asked(4)
  const ids = outside.received.map(({ headers }) => headers['webhook-id'])
  expect(new Set(ids.slice(2))).toEqual(new Set(ids.slice(0, 2)))
})

test('while a webhook is paused what happens is held, and goes out when it is resumed, unless it is skipped', async () => {
  const viewer = createTestViewer()
  const { webhook } = await createWebhook(viewer)
  const pause = `mutation ($id: ID!) { pauseWebhook(id: $id) { ... on Webhook { state pausedBecause } } }`
  const resume = `mutation ($id: ID!, $skip: Boolean) { resumeWebhook(id: $id, skipHeld: $skip) { ... on Webhook { state pausedBecause } } }`
  expect(await town.client.data(viewer, pause, { id: webhook.id })).toEqual({
    pauseWebhook: { state: 'PAUSED', pausedBecause: 'PERSON' },
  })
  await happen(viewer, 'shipment.created', { id: 'shp_1' })
  await settled(
    () => deliveriesOf(viewer, webhook.id),
    ([each]) => each?.state === 'HELD',
  )
  await town.client.data(viewer, resume, { id: webhook.id, skip: true })
  expect((await deliveriesOf(viewer, webhook.id))[0]?.state).toBe('SKIPPED')
  await town.client.data(viewer, pause, { id: webhook.id })
  await happen(viewer, 'shipment.created', { id: 'shp_2' })
  await settled(
    () => deliveriesOf(viewer, webhook.id),
    ([each]) => each?.state === 'HELD',
  )
  expect(outside.received).toEqual([])
  expect(await town.client.data(viewer, resume, { id: webhook.id })).toEqual({
    resumeWebhook: { state: 'ACTIVE', pausedBecause: null },
  })
  const [received] = await outside.asked(1)
  expect(JSON.parse(received?.body ?? '')).toMatchObject({ data: { id: 'shp_2' } })
})

test('a message that is sent once more while its webhook is paused is held, and goes out when it is resumed', async () => {
  const viewer = createTestViewer()
  const { webhook } = await createWebhook(viewer)
  await happen(viewer, 'shipment.created', { id: 'shp_1' })
  const [delivered] = await settled(
    () => deliveriesOf(viewer, webhook.id),
    ([each]) => each?.state === 'DELIVERED',
  )
  await town.client.data(viewer, `mutation ($id: ID!) { pauseWebhook(id: $id) { __typename } }`, { id: webhook.id })
  const replay = `mutation ($id: ID!) { replayWebhookDelivery(id: $id) { ... on WebhookDelivery { id state nextTryAt } } }`
  expect(await town.client.data(viewer, replay, { id: delivered?.id })).toEqual({
    replayWebhookDelivery: { id: delivered?.id, state: 'HELD', nextTryAt: null },
  })
  expect((await deliveriesOf(viewer, webhook.id))[0]).toMatchObject({ state: 'HELD', attempts: [{ number: 1 }] })
  expect(outside.received).toHaveLength(1)
  await town.client.data(viewer, `mutation ($id: ID!) { resumeWebhook(id: $id) { __typename } }`, { id: webhook.id })
  await settled(
    () => deliveriesOf(viewer, webhook.id),
    ([each]) => each?.state === 'DELIVERED' && each.attempts.length === 2,
  )
  expect(outside.received.map(({ headers }) => headers['webhook-id'])).toEqual([delivered?.id, delivered?.id])
})

test('a receiver that says it is gone, and one where nothing arrived for days, are paused, and what waits is held', async () => {
  const viewer = createTestViewer()
  const { webhook } = await createWebhook(viewer)
  outside.answer = () => ({ status: 410 })
  await happen(viewer, 'shipment.created', { id: 'shp_1' })
  await settled(
    () => logOf(viewer, webhook.id),
    ({ state }) => state === 'PAUSED',
  )
  expect(await logOf(viewer, webhook.id)).toMatchObject({
    pausedBecause: 'GONE',
    deliveries: { nodes: [{ state: 'FAILED' }] },
  })
  const other = await createWebhook(viewer)
  outside.answer = () => ({ status: 500 })
  await town.platform.sql.withOrganization(viewer, async (tx) => {
    await rowsOf(tx, `update tenancy.webhook set failing_since = now() - interval '6 days' where id = $1`, [
      other.webhook.id,
    ])
  })
  await happen(viewer, 'shipment.created', { id: 'shp_2' })
  await settled(
    () => logOf(viewer, other.webhook.id),
    ({ state }) => state === 'PAUSED',
  )
  expect(await logOf(viewer, other.webhook.id)).toMatchObject({
    pausedBecause: 'FAILING',
    deliveries: { nodes: [{ state: 'HELD', attempts: [{ status: 500 }] }] },
  })
})

test('after a rotation the old secret signs beside the new one for a day, and neither is told again or kept as it is', async () => {
  const viewer = createTestViewer()
  const { webhook, secret } = await createWebhook(viewer)
  const rotate = `mutation ($id: ID!) { rotateWebhookSecret(id: $id) { ... on WebhookSecret { secret webhook { previousSecretUntil } } } }`
  const { rotateWebhookSecret: rotated } = await town.client.data<{ rotateWebhookSecret: { secret: string } }>(
    viewer,
    rotate,
    {
      id: webhook.id,
    },
  )
  expect(rotated.secret).not.toBe(secret)
  await happen(viewer, 'shipment.created', { id: 'shp_1' })
  const [both] = await outside.asked(1)
  if (!both) throw new Error('Nothing came.')
  expect([isSigned(both, secret), isSigned(both, rotated.secret)]).toEqual([true, true])
  const kept = await town.platform.sql.withOrganization(viewer, async (tx) => {
    await rowsOf(tx, `update tenancy.webhook set previous_until = now()`, [])
    return rowsOf(tx, `select * from tenancy.webhook`, [])
  })
  expect(JSON.stringify(kept)).not.toContain(rotated.secret)
  expect(JSON.stringify(kept)).not.toContain('127.0.0.1')
  await happen(viewer, 'shipment.created', { id: 'shp_2' })
  const [, alone] = await outside.asked(2)
  if (!alone) throw new Error('Nothing came.')
  expect([isSigned(alone, secret), isSigned(alone, rotated.secret)]).toEqual([false, true])
})

test('a trial says nothing and shows whether it arrives, and why not', async () => {
  const viewer = createTestViewer()
  const { webhook } = await createWebhook(viewer)
  const ping = `mutation ($id: ID!) { pingWebhook(id: $id) { ... on WebhookDelivery { id type state } } }`
  await town.client.data(viewer, ping, { id: webhook.id })
  const [received] = await outside.asked(1)
  expect(JSON.parse(received?.body ?? '')).toMatchObject({ type: 'webhook.ping', data: { id: webhook.id } })
  await outside.close()
  await town.client.data(viewer, ping, { id: webhook.id })
  const [unreached] = await settled(
    () => deliveriesOf(viewer, webhook.id),
    ([each]) => each?.attempts.length === 1,
  )
  expect(unreached?.attempts).toMatchObject([{ status: null, failure: 'NOT_REACHED', answer: null }])
  outside = await openOutside()
})

test('a redirect is a failure, and where it points is not asked', async () => {
  const viewer = createTestViewer()
  const { webhook } = await createWebhook(viewer)
  outside.answer = () => ({ status: 302, headers: { location: `${outside.url}/elsewhere` } })
  await happen(viewer, 'shipment.created', { id: 'shp_1' })
  const [waiting] = await settled(
    () => deliveriesOf(viewer, webhook.id),
    ([each]) => each?.attempts.length === 1,
  )
  expect(waiting).toMatchObject({ state: 'WAITING', attempts: [{ status: 302 }] })
  expect(outside.received.map(({ path }) => path)).toEqual(['/hook'])
})

test('a receiver that does not answer holds up neither another of the organisation nor those of others', async () => {
  const viewer = createTestViewer()
  const other = createTestViewer()
  const { promise: never, resolve: end } = Promise.withResolvers<{ status: number }>()
  outside.answer = ({ path }) => (path === '/slow' ? never : { status: 200 })
  await createWebhook(viewer, { url: `${outside.url}/slow` })
  const quick = await createWebhook(viewer, { url: `${outside.url}/quick` })
  const theirs = await createWebhook(other, { url: `${outside.url}/theirs` })
  for (let count = 0; count < 12; count++) await happen(viewer, 'shipment.created', { id: `shp_${count}` })
  await happen(other, 'shipment.created', { id: 'shp_x' })
  const arrived = await settled(
    () => deliveriesOf(viewer, quick.webhook.id),
    (all) => all.length === 12 && all.every(({ state }) => state === 'DELIVERED'),
  )
  await settled(
    () => deliveriesOf(other, theirs.webhook.id),
    ([each]) => each?.state === 'DELIVERED',
  )
  expect(arrived).toHaveLength(12)
  end({ status: 200 })
})

test('a webhook hears nothing from before it was made, and nothing of itself', async () => {
  const viewer = createTestViewer()
  await happen(viewer, 'shipment.created', { id: 'shp_before' })
  const { webhook } = await createWebhook(viewer, { types: ['*'] })
  await happen(viewer, 'webhook.failing', { id: webhook.id })
  await happen(viewer, 'shipment.created', { id: 'shp_after' })
  const [received] = await outside.asked(1)
  expect(JSON.parse(received?.body ?? '')).toMatchObject({ data: { id: 'shp_after' } })
  const position = await town.platform.facts.head(viewer.organizationId)
  await town.platform.facts.reached(
    'tenancy.webhooks',
    { organizationId: viewer.organizationId, position },
    { timeoutMs: 60_000 },
  )
  expect((await logOf(viewer, webhook.id)).deliveries.totalCount).toBe(1)
})

test('a process that is killed between the answer and writing it down sends the message again, under its id', async () => {
  const viewer = createTestViewer()
  const { webhook } = await createWebhook(viewer)
  const { sql } = town.platform
  const dying: typeof sql = {
    ...sql,
    // It reads what to send, and is gone before it writes how that went.
    withOrganization: (scope, work) =>
      outside.received.length > 0 ? Promise.reject(new Error('killed')) : sql.withOrganization(scope, work),
  }
  await town.client.data(viewer, `mutation ($id: ID!) { pauseWebhook(id: $id) { __typename } }`, { id: webhook.id })
  await happen(viewer, 'shipment.created', { id: 'shp_1' })
  const [held] = await settled(
    () => deliveriesOf(viewer, webhook.id),
    ([each]) => each?.state === 'HELD',
  )
  await town.platform.sql.withOrganization(viewer, async (tx) => {
    await rowsOf(tx, `update tenancy.webhook set state = 'ACTIVE'`, [])
    await rowsOf(tx, `update tenancy.webhook_delivery set state = 'WAITING', next_at = now()`, [])
  })
  const job = {
    id: 'job_1',
    organizationId: viewer.organizationId,
    data: { deliveryId: held?.id ?? '' },
    signal: new AbortController().signal,
  }
  await expect(tryDelivery({ ...town.platform, sql: dying }, job)).rejects.toThrow('killed')
  expect((await deliveriesOf(viewer, webhook.id))[0]).toMatchObject({ state: 'WAITING', attempts: [] })
  await tryDelivery(town.platform, job)
  await tryDelivery(town.platform, job)
  expect((await deliveriesOf(viewer, webhook.id))[0]).toMatchObject({ state: 'DELIVERED', attempts: [{ number: 1 }] })
  expect(outside.received.map(({ headers }) => headers['webhook-id'])).toEqual([held?.id, held?.id])
})

test('a consumer that has forgotten where it was writes no message twice', async () => {
  const viewer = createTestViewer()
  const { organizationId } = viewer
  const { webhook } = await createWebhook(viewer)
  const told = async (): Promise<void> => {
    const position = await town.platform.facts.head(organizationId)
    const patience = { timeoutMs: 60_000 }
    expect(await town.platform.facts.reached('tenancy.webhooks', { organizationId, position }, patience)).toBe(true)
  }
  await happen(viewer, 'shipment.created', { id: 'shp_1' })
  await told()
  await town.platform.sql.withOrganization(viewer, (tx) =>
    rowsOf(tx, `update platform.fact_cursor set position = 0 where consumer = 'tenancy.webhooks'`, []),
  )
  await happen(viewer, 'shipment.created', { id: 'shp_2' })
  await told()
  expect((await logOf(viewer, webhook.id)).deliveries.totalCount).toBe(2)
})

test('an address inside, types that nothing is of, and empty names are refused', async () => {
  const viewer = createTestViewer()
  const refusal = async (input: object): Promise<unknown> => createWebhook(viewer, input)
  expect(await refusal({ url: 'https://169.254.169.254/' })).toMatchObject({ code: 'INVALID_INPUT', path: ['url'] })
  expect(await refusal({ url: 'http://10.0.0.1:5432/' })).toMatchObject({ code: 'INVALID_INPUT', path: ['url'] })
  expect(await refusal({ url: 'ftp://example.com/' })).toMatchObject({ code: 'INVALID_INPUT', path: ['url'] })
  expect(await refusal({ types: ['shipment.exploded'] })).toMatchObject({ code: 'INVALID_INPUT', path: ['types'] })
  expect(await refusal({ types: [] })).toMatchObject({ code: 'INVALID_INPUT' })
  expect(await refusal({ name: ' ' })).toMatchObject({ code: 'INVALID_INPUT' })
})

test('a key has a webhook hear, and reads in its log, what it could read of itself and nothing else', async () => {
  const viewer = createTestViewer()
  const key: Viewer = {
    ...viewer,
    userId: null,
    sessionId: null,
    keyId: 'key_1',
    scopes: ['webhook:manage', 'record:read'],
  }
  const refused = (text: string, input: object) => town.client.data(key, text, { input })
  const ask = { name: 'ERP', url: `${outside.url}/key` }
  for (const types of [
    ['*'],
    ['document.deleted'],
    ['shipment.*', 'session.started'],
    ['member.*'],
    ['api_key.created'],
  ])
    expect(await refused(create, { ...ask, types }), types.join()).toMatchObject({
      createWebhook: { code: 'NOT_ALLOWED', message: expect.stringMatching(/must hold [a-z]+:[a-z]+\.$/) },
    })
  for (const types of [['DOCUMENT_READY'], ['KEY_EXPIRING']])
    expect(await refused(create, { ...ask, kind: 'SLACK', types })).toMatchObject({
      createWebhook: { code: 'NOT_ALLOWED' },
    })
  const own = await createWebhook(key, { types: ['shipment.*', 'client.created'] })
  const update = `mutation ($input: UpdateWebhookInput!) { updateWebhook(input: $input) { ... on Refusal { code } ... on Webhook { types url name } } }`
  expect(await refused(update, { id: own.webhook.id, types: ['shipment.*', 'person.erased'] })).toMatchObject({
    updateWebhook: { code: 'NOT_ALLOWED' },
  })

  const { webhook } = await createWebhook(viewer, { types: ['*'] })
  expect(await refused(update, { id: webhook.id, url: `${outside.url}/taken` })).toMatchObject({
    updateWebhook: { code: 'NOT_ALLOWED' },
  })
  expect(
    await refused(update, { id: webhook.id, name: 'All', url: `${outside.url}/hook`, types: ['*'] }),
  ).toMatchObject({
    updateWebhook: { name: 'All', types: ['*'], url: `${outside.url}/hook` },
  })
  await happen(viewer, 'document.deleted', { documentId: 'doc_1' })
  await happen(viewer, 'client.created', { id: 'cli_1' })
  const [hidden] = (
    await settled(
      () => deliveriesOf(viewer, webhook.id),
      (all) => all.length === 2,
    )
  ).filter(({ type }) => type === 'document.deleted')
  expect((await logOf(key, webhook.id)).deliveries).toMatchObject({
    totalCount: 1,
    nodes: [{ type: 'client.created' }],
  })
  const one = `query ($id: ID!) { webhookDelivery(id: $id) { body } }`
  expect(await town.client.data(key, one, { id: hidden?.id })).toEqual({ webhookDelivery: null })
  expect(await town.client.data(viewer, one, { id: hidden?.id })).toMatchObject({
    webhookDelivery: { body: expect.stringContaining('doc_1') },
  })
  const again = `mutation ($id: ID!) { replayWebhookDelivery(id: $id) { ... on Refusal { code } } }`
  expect(await town.client.data(key, again, { id: hidden?.id })).toEqual({
    replayWebhookDelivery: { code: 'NOT_FOUND' },
  })
  const types = (await town.client.data<{ factTypes: { type: string }[] }>(key, '{ factTypes { type } }', {})).factTypes
  const nouns = new Set(types.map(({ type }) => type.split('.')[0]))
  for (const noun of ['shipment', 'client', 'property', 'webhook', 'organization']) expect(nouns).toContain(noun)
  for (const noun of ['document', 'session', 'api_key', 'member', 'person', 'approval', 'usage'])
    expect(nouns).not.toContain(noun)
})

test('who has a webhook hear less, and moves it, is sent nothing of what it heard before', async () => {
  const viewer = createTestViewer()
  const key: Viewer = {
    ...viewer,
    userId: null,
    sessionId: null,
    keyId: 'key_1',
    scopes: ['webhook:manage', 'record:read'],
  }
  const ask = (text: string, input: object) =>
    town.client.data(key, `mutation ($input: ${text}(input: $input) { __typename ... on Refusal { code } } }`, {
      input,
    })
  const moving = { types: ['shipment.*'], url: `${outside.url}/taken` }
  const { webhook } = await createWebhook(viewer, { types: ['*'] })
  const pause = `mutation ($id: ID!) { pauseWebhook(id: $id) { __typename } }`
  await town.client.data(viewer, pause, { id: webhook.id })
  await happen(viewer, 'person.erased', { id: 'prv_1' })
  await settled(
    () => deliveriesOf(viewer, webhook.id),
    ([each]) => each?.state === 'HELD',
  )
  const move = 'UpdateWebhookInput!) { updateWebhook'
  expect(await ask(move, { id: webhook.id, ...moving })).toMatchObject({ updateWebhook: { code: 'NOT_ALLOWED' } })
  const resume = `mutation ($id: ID!) { resumeWebhook(id: $id) { __typename } }`
  await town.client.data(viewer, resume, { id: webhook.id })
  await outside.asked(1)
  await settled(
    () => deliveriesOf(viewer, webhook.id),
    ([each]) => each?.state === 'DELIVERED',
  )
  expect(await ask(move, { id: webhook.id, ...moving })).toMatchObject({ updateWebhook: { __typename: 'Webhook' } })
  const period = { webhookId: webhook.id, from: inHours(-1), to: inHours(1), failedOnly: false }
  const replay = `mutation ($input: ReplayWebhookInput!) { replayWebhookDeliveries(input: $input) { ... on WebhookReplayed { count } } }`
  expect(await town.client.data(key, replay, { input: period })).toEqual({ replayWebhookDeliveries: { count: 0 } })
  expect(await town.client.data(viewer, replay, { input: period })).toEqual({ replayWebhookDeliveries: { count: 1 } })
})

test('another organisation sees and changes nothing of it, and neither does who may not manage webhooks', async () => {
  const viewer = createTestViewer()
  const { webhook } = await createWebhook(viewer)
  await happen(viewer, 'shipment.created', { id: 'shp_1' })
  await outside.asked(1)
  const [delivery] = await settled(
    () => deliveriesOf(viewer, webhook.id),
    ([each]) => each?.state === 'DELIVERED',
  )
  const stranger = createTestViewer()
  const acts = ['pauseWebhook', 'resumeWebhook', 'deleteWebhook', 'rotateWebhookSecret', 'pingWebhook'].map(
    (name) => `${name}(id: "${webhook.id}") { ... on Refusal { code } }`,
  )
  const period = `from: "2020-01-01T00:00:00Z", to: "2030-01-01T00:00:00Z"`
  const all = [
    ...acts,
    `updateWebhook(input: { id: "${webhook.id}", name: "x" }) { ... on Refusal { code } }`,
    `replayWebhookDelivery(id: "${delivery?.id}") { ... on Refusal { code } }`,
    `replayWebhookDeliveries(input: { webhookId: "${webhook.id}", ${period} }) { ... on Refusal { code } }`,
  ]
  const seen = `query ($id: ID!, $delivery: ID!) { webhook(id: $id) { id } webhookDelivery(id: $delivery) { id } webhooks { totalCount nodes { id } } }`
  expect(await town.client.data(stranger, seen, { id: webhook.id, delivery: delivery?.id })).toEqual({
    webhook: null,
    webhookDelivery: null,
    webhooks: { totalCount: 0, nodes: [] },
  })
  const manager: Viewer = { ...viewer, roles: ['MANAGER'], scopes: scopesOf(['MANAGER']) }
  for (const act of all) {
    expect(Object.values(await town.client.data(stranger, `mutation { ${act} }`))).toEqual([{ code: 'NOT_FOUND' }])
    expect(Object.values(await town.client.data(manager, `mutation { ${act} }`))).toEqual([{ code: 'NOT_ALLOWED' }])
  }
  const { errors } = await town.client.ask(manager, seen, { id: webhook.id, delivery: delivery?.id })
  expect(errors.length).toBeGreaterThan(0)
  expect(new Set(errors.map(({ extensions }) => extensions?.code))).toEqual(new Set(['FORBIDDEN']))
  expect(
    (await town.client.data<{ factTypes: object[] }>(viewer, '{ factTypes { type description(language: EN) } }'))
      .factTypes,
  ).toContainEqual({
    type: 'shipment.created',
    description: 'A shipment is created.',
  })
})

test('every change of a webhook is in the audit log, without its secret', async () => {
  const viewer = createTestViewer()
  const { webhook, secret } = await createWebhook(viewer)
  await town.client.data(viewer, `mutation ($id: ID!) { rotateWebhookSecret(id: $id) { __typename } }`, {
    id: webhook.id,
  })
  await town.client.data(viewer, `mutation ($id: ID!) { pauseWebhook(id: $id) { __typename } }`, { id: webhook.id })
  await town.client.data(viewer, `mutation ($id: ID!) { deleteWebhook(id: $id) { __typename } }`, { id: webhook.id })
  const entries = await town.platform.sql.withOrganization(viewer, (tx) =>
    rowsOf<{ action: string }>(tx, `select * from platform.audit_entry order by position`, []),
  )
  expect(entries.map(({ action }) => action)).toEqual([
    'webhook.created',
    'webhook.secret_rotated',
    'webhook.paused',
    'webhook.deleted',
  ])
  expect(JSON.stringify(entries)).not.toContain(secret)
})
