import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { publish } from '@passerelle/platform/facts'
import type { Viewer } from '@passerelle/platform/schema'
import { rowsOf } from '@passerelle/platform/sql'
import { createTestViewer } from '@passerelle/platform/subgraph/testing'
import { tryDelivery } from './webhook-try.ts'
import { deliveryQueue, releaseQueue } from './webhook.queues.ts'
import {
  holding,
  openOutside,
  openOutwardTown,
  waiting,
  type Answering,
  type Outside,
  type OutwardTown,
} from './webhook.testing.ts'
import { runQueue } from '../workflow-runs/workflow-run.ts'

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

async function createWebhook(viewer: Viewer, path: string): Promise<string> {
  const text = `mutation ($url: String!) { createWebhook(input: { name: "ERP", url: $url, types: ["shipment.*"] }) { ... on WebhookSecret { webhook { id } } } }`
  const { createWebhook: made } = await town.client.data<{ createWebhook: { webhook: { id: string } } }>(viewer, text, {
    url: `${outside.url}${path}`,
  })
  return made.webhook.id
}

async function happen(viewer: Viewer, times: number): Promise<void> {
  await town.platform.sql.withOrganization(viewer, async (tx) => {
    for (let count = 0; count < times; count++)
      publish(tx, { type: 'shipment.created', payload: { id: `shp_${count}` } })
  })
}

interface Delivery {
  id: string
  type: string
  state: string
  nextTryAt: string | null
  attempts: { number: number }[]
}

async function deliveriesOf(viewer: Viewer, id: string): Promise<Delivery[]> {
  const text = `query ($id: ID!) { webhook(id: $id) { deliveries(first: 100) { nodes { id type state nextTryAt attempts { number } } } } }`
  const { webhook } = await town.client.data<{ webhook: { deliveries: { nodes: Delivery[] } } }>(viewer, text, { id })
  return webhook.deliveries.nodes
}

function settled<T>(look: () => Promise<T>, isSo: (value: T) => boolean): Promise<T> {
  const once = async (): Promise<T> => {
    const value = await look()
    expect(isSo(value), JSON.stringify(value)).toBe(true)
    return value
  }
  return vi.waitFor(once, { timeout: 120_000, interval: 50 })
}

const act = (viewer: Viewer, name: string, id: string): Promise<object> =>
  town.client.data(viewer, `mutation ($id: ID!) { ${name}(id: $id) { __typename } }`, { id })

async function startRuns(viewer: Viewer, { path, times }: { path: string; times: number }): Promise<string[]> {
  const create = `mutation ($input: CreateWorkflowEndpointInput!) { made: createWorkflowEndpoint(input: $input) { ... on WorkflowEndpointSecret { endpoint { id } } } }`
  const start = `mutation ($input: StartWorkflowRunInput!) { run: startWorkflowRun(input: $input) { ... on WorkflowRun { id } } }`
  const { made } = await town.client.data<{ made: { endpoint: { id: string } } }>(viewer, create, {
    input: { name: 'Relance', url: `${outside.url}${path}`, completion: 'ANSWER' },
  })
  const ids: string[] = []
  for (let count = 0; count < times; count++) {
    const input = { endpointId: made.endpoint.id, requestId: `r${count}` }
    ids.push((await town.client.data<{ run: { id: string } }>(viewer, start, { input })).run.id)
  }
  return ids
}

test('while nothing of two organisations is answered, neither their many webhooks nor their long runs, the message and the run of a third arrive', async () => {
  const [one, other, third] = [createTestViewer(), createTestViewer(), createTestViewer()]
  const { promise: never, resolve: end } = Promise.withResolvers<Answering>()
  const going = { '/hook': 0, '/run': 0 }
  outside.answer = ({ path }) => {
    if (path !== '/hook' && path !== '/run') return { status: 200, body: '{"done":true}' }
    going[path] += 1
    return never
  }
  for (const viewer of [one, other]) {
    for (let count = 0; count < 12; count++) await createWebhook(viewer, '/hook')
    await happen(viewer, 8)
    await startRuns(viewer, { path: '/run', times: 12 })
  }
  await settled(
    () => Promise.resolve(going),
    (asked) => asked['/hook'] >= 2 * deliveryQueue.perOrganization && asked['/run'] >= 2 * runQueue.perOrganization,
  )
  const theirs = await createWebhook(third, '/theirs')
  await happen(third, 1)
  const [run = ''] = await startRuns(third, { path: '/quick', times: 1 })
  const arrived = await settled(
    () => deliveriesOf(third, theirs),
    ([each]) => each?.state === 'DELIVERED',
  )
  expect(arrived).toHaveLength(1)
  const state = `query ($id: ID!) { workflowRun(id: $id) { state } }`
  await settled(
    () => town.client.data<{ workflowRun: { state: string } }>(third, state, { id: run }),
    ({ workflowRun }) => workflowRun.state === 'DONE',
  )
  end({ status: 200 })
})

// On a slow machine the message that finds out may be given up before it is answered here: the next one finds out half a minute later.
test('while nothing arrives at a webhook one message at a time is sent to it, a trial beside it, and the others follow the first that arrives', async () => {
  const viewer = createTestViewer()
  const webhook = await createWebhook(viewer, '/hook')
  outside.answer = () => ({ status: 500 })
  await happen(viewer, 1)
  const [first] = await settled(
    () => deliveriesOf(viewer, webhook),
    ([each]) => each?.attempts.length === 1,
  )
  const probe = Promise.withResolvers<Answering>()
  outside.answer = ({ body }) => (body.includes('webhook.ping') ? { status: 500 } : probe.promise)
  await happen(viewer, 12)
  const isPutOff = ({ nextTryAt, attempts }: Delivery): boolean =>
    attempts.length === 0 && new Date(nextTryAt ?? 0).getTime() > Date.now() + 2_000
  const underWay = async (): Promise<number> => {
    const { length } = outside.received
    return (await deliveriesOf(viewer, webhook)).reduce((left, { attempts }) => left - attempts.length, length)
  }
  await settled(
    () => deliveriesOf(viewer, webhook),
    (all) => all.length === 13 && all.some(isPutOff),
  )
  expect(await underWay()).toBeLessThanOrEqual(1)
  await act(viewer, 'pingWebhook', webhook)
  await vi.waitFor(() => expect(outside.received.some(({ body }) => body.includes('webhook.ping'))).toBe(true), 60_000)
  outside.answer = () => ({ status: 200 })
  probe.resolve({ status: 200 })
  await settled(
    () => deliveriesOf(viewer, webhook),
    (all) =>
      all.every(({ id, type, state }) => id === first?.id || type !== 'shipment.created' || state === 'DELIVERED'),
  )
}, 300_000)

test('a message that is put off for a day has failed, and the organisation is told', async () => {
  const viewer = createTestViewer()
  const webhook = await createWebhook(viewer, '/hook')
  const facts = town.platform.facts.subscribe(viewer.organizationId, { types: ['webhook.failing'] })
  const failing = facts.next()
  await town.platform.sql.withOrganization(viewer, (tx) =>
    rowsOf(
      tx,
      `update tenancy.webhook set failing_since = now() - interval '1 day', probe_at = now() + interval '1 hour'`,
      [],
    ),
  )
  await happen(viewer, 1)
  const [delivery] = await settled(
    () => deliveriesOf(viewer, webhook),
    ([each]) => each !== undefined && each.nextTryAt !== null && new Date(each.nextTryAt).getTime() > Date.now(),
  )
  await town.platform.sql.withOrganization(viewer, (tx) =>
    rowsOf(tx, `update tenancy.webhook_delivery set next_at = now(), tried_since = now() - interval '20 hours'`, []),
  )
  await tryDelivery(town.platform, jobOf(viewer, delivery))
  expect(await deliveriesOf(viewer, webhook)).toMatchObject([{ state: 'FAILED', attempts: [], nextTryAt: null }])
  expect((await failing).value).toMatchObject({ payload: { id: webhook } })
  await facts.return?.()
  expect(outside.received).toEqual([])
})

function jobOf(viewer: Viewer, delivery: Delivery | undefined): Parameters<typeof tryDelivery>[1] {
  const { organizationId } = viewer
  return { id: 'job_1', organizationId, data: { deliveryId: delivery?.id ?? '' }, signal: new AbortController().signal }
}

test('a message that is being written while its webhook is resumed goes out', async () => {
  const viewer = createTestViewer()
  const { organizationId } = viewer
  const webhook = await createWebhook(viewer, '/hook')
  await act(viewer, 'pauseWebhook', webhook)
  // The same message, written by somebody who will not come to an end: what writes it waits, and has seen that the webhook is paused.
  const position = Number(await town.platform.facts.head(organizationId)) + 1
  const insert = `insert into tenancy.webhook_delivery (id, organization_id, webhook_id, fact_position, type, body, state)
    values ('dlv_0', $1, $2, $3, 'shipment.created', '{}', 'HELD')`
  const writer = await holding(town.platform, viewer, [insert, [organizationId, webhook, position]])
  await happen(viewer, 1)
  await waiting(town.platform, 1)
  const resumed = act(viewer, 'resumeWebhook', webhook)
  const idle = async (): Promise<void> => {
    await resumed
    await settled(
      () => town.platform.jobs.unfinished(releaseQueue, { organizationId }),
      (jobs) => jobs === 0,
    )
  }
  await Promise.race([waiting(town.platform, 2), idle()])
  await writer.letGo()
  await resumed
  const arrived = await settled(
    () => deliveriesOf(viewer, webhook),
    ([each]) => each?.state === 'DELIVERED',
  )
  expect(arrived).toHaveLength(1)
})

test('what waits for a webhook that is paused is held when its turn comes', async () => {
  const viewer = createTestViewer()
  const webhook = await createWebhook(viewer, '/hook')
  await act(viewer, 'pauseWebhook', webhook)
  await happen(viewer, 1)
  const [held] = await settled(
    () => deliveriesOf(viewer, webhook),
    ([each]) => each?.state === 'HELD',
  )
  await town.platform.sql.withOrganization(viewer, (tx) =>
    rowsOf(tx, `update tenancy.webhook_delivery set state = 'WAITING', next_at = now()`, []),
  )
  await tryDelivery(town.platform, jobOf(viewer, held))
  expect(await deliveriesOf(viewer, webhook)).toMatchObject([{ state: 'HELD', nextTryAt: null, attempts: [] }])
  expect(outside.received).toEqual([])
})

test('of many who each make the last webhook that there may be one does', async () => {
  const viewer = createTestViewer()
  const { organizationId } = viewer
  await town.platform.sql.withOrganization(viewer, (tx) =>
    rowsOf(
      tx,
      `insert into tenancy.webhook (id, organization_id, kind, name, url, types, after_position)
       select $1 || ':' || number, $1, 'FACTS', 'ERP', '', '{}', 0 from generate_series(1, 49) as number`,
      [organizationId],
    ),
  )
  const text = `mutation ($url: String!) { made: createWebhook(input: { name: "ERP", url: $url, types: ["shipment.*"] }) { __typename } }`
  const made = await Promise.all(
    Array.from({ length: 8 }, () =>
      town.client.data<{ made: { __typename: string } }>(viewer, text, { url: outside.url }),
    ),
  )
  expect(made.map(({ made: { __typename } }) => __typename).toSorted()).toEqual([
    ...Array.from({ length: 7 }, () => 'QuotaExceeded'),
    'WebhookSecret',
  ])
})
