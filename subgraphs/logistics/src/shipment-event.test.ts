import { expect, test } from 'vitest'
import { createTestViewer, useSubgraph } from '@passerelle/platform/subgraph/testing'
import type { Viewer } from '@passerelle/platform/schema'
import { logistics } from './index.ts'

const town = useSubgraph(logistics)

async function create(viewer: Viewer, trackingNumber: string): Promise<string> {
  const { data } = await town.client.ask<{ createShipment: { id: string } }>(
    viewer,
    'mutation ($input: CreateShipmentInput!) { createShipment(input: $input) { ... on Shipment { id } } }',
    { input: { trackingNumber } },
  )
  return data.createShipment.id
}

type Recorded = { recordShipmentEvent: { __typename: string; status?: string; path?: string[] } }

async function record(viewer: Viewer, input: Record<string, unknown>): Promise<Recorded['recordShipmentEvent']> {
  const { data, errors } = await town.client.ask<Recorded>(
    viewer,
    `mutation ($input: RecordShipmentEventInput!) { recordShipmentEvent(input: $input) {
      __typename ... on Shipment { status } ... on InvalidInput { path } } }`,
    { input },
  )
  expect(errors).toEqual([])
  return data.recordShipmentEvent
}

const timelineText = `query ($id: ID!, $first: Int, $after: String) {
  shipment(id: $id) { status events(first: $first, after: $after) { totalCount nodes { status note actor { id } } pageInfo { endCursor hasNextPage } } } }`
type Timeline = {
  shipment: {
    status: string
    events: { totalCount: number; nodes: { status: string; note: string | null }[]; pageInfo: { endCursor: string } }
  }
}

test('creation is the first event, by who created it', async () => {
  const viewer = createTestViewer()
  const id = await create(viewer, 'EV-1001')
  const { data } = await town.client.ask(viewer, timelineText, { id })
  expect(data).toMatchObject({
    shipment: {
      status: 'PENDING',
      events: { totalCount: 1, nodes: [{ status: 'PENDING', note: null, actor: { id: viewer.userId } }] },
    },
  })
})

test('the status follows the events, and one that cannot follow is refused without a trace', async () => {
  const viewer = createTestViewer()
  const shipmentId = await create(viewer, 'EV-1002')
  expect(await record(viewer, { shipmentId, status: 'PICKED_UP' })).toEqual({
    __typename: 'Shipment',
    status: 'PICKED_UP',
  })
  expect(await record(viewer, { shipmentId, status: 'CANCELLED' })).toEqual({
    __typename: 'InvalidInput',
    path: ['status'],
  })
  expect(await record(viewer, { shipmentId, status: 'DELIVERED', note: 'Gardien' })).toEqual({
    __typename: 'Shipment',
    status: 'DELIVERED',
  })
  expect(await record(viewer, { shipmentId, status: 'IN_TRANSIT' })).toEqual({
    __typename: 'InvalidInput',
    path: ['status'],
  })
  const { data } = await town.client.ask<Timeline>(viewer, timelineText, { id: shipmentId })
  expect(data.shipment.events.nodes.map(({ status }) => status)).toEqual(['PENDING', 'PICKED_UP', 'DELIVERED'])
})

test('an event that is told late takes its place and leaves the status to the newest', async () => {
  const viewer = createTestViewer()
  const shipmentId = await create(viewer, 'EV-1003')
  expect(await record(viewer, { shipmentId, status: 'DELIVERED', occurredAt: '2026-03-03T12:00:00Z' })).toMatchObject({
    status: 'DELIVERED',
  })
  expect(await record(viewer, { shipmentId, status: 'AT_HUB', occurredAt: '2026-03-03T08:00:00+01:00' })).toMatchObject(
    { status: 'DELIVERED' },
  )
  expect(await record(viewer, { shipmentId, status: 'PICKED_UP', occurredAt: '2026-03-02T17:00:00Z' })).toMatchObject({
    status: 'DELIVERED',
  })
  const { data } = await town.client.ask<Timeline>(viewer, timelineText, { id: shipmentId })
  expect(data.shipment.events.nodes.map(({ status }) => status)).toEqual([
    'PICKED_UP',
    'AT_HUB',
    'DELIVERED',
    'PENDING',
  ])
})

test('events of the same moment page in the order of recording', async () => {
  const viewer = createTestViewer()
  const shipmentId = await create(viewer, 'EV-1004')
  const occurredAt = '2026-03-03T12:00:00Z'
  for (const note of ['a', 'b', 'c', 'd', 'e']) await record(viewer, { shipmentId, status: 'AT_HUB', note, occurredAt })
  const seen: (string | null)[] = []
  let after: string | null = null
  for (let page = 0; page < 3; page++) {
    const { data }: { data: Timeline } = await town.client.ask<Timeline>(viewer, timelineText, {
      id: shipmentId,
      first: 2,
      after,
    })
    seen.push(...data.shipment.events.nodes.map(({ note }) => note))
    after = data.shipment.events.pageInfo.endCursor
  }
  expect(seen).toEqual(['a', 'b', 'c', 'd', 'e', null])
})

test('twenty events recorded at once are twenty lines, numbered one after the other', async () => {
  const viewer = createTestViewer()
  const shipmentId = await create(viewer, 'EV-1005')
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => record(viewer, { shipmentId, status: 'IN_TRANSIT' })),
  )
  expect(answers.every(({ status }) => status === 'IN_TRANSIT')).toBe(true)
  const { data } = await town.client.ask<Timeline>(viewer, timelineText, { id: shipmentId })
  expect(data.shipment.events.totalCount).toBe(21)
})

test.each([
  ['in the future', { status: 'PICKED_UP', occurredAt: '2199-01-01T00:00:00Z' }, 'occurredAt'],
  ['in the year 0000', { status: 'PICKED_UP', occurredAt: '0000-01-01T00:00:00Z' }, 'occurredAt'],
  ['with an endless note', { status: 'PICKED_UP', note: 'x'.repeat(501) }, 'note'],
  ['that is no news', { status: 'PENDING' }, 'status'],
])('an event %s is refused', async (_what, input, path) => {
  const viewer = createTestViewer()
  const shipmentId = await create(viewer, 'EV-1006')
  expect(await record(viewer, { shipmentId, ...input })).toEqual({ __typename: 'InvalidInput', path: [path] })
})

test('another organisation, a reader and an id of nothing get no event recorded', async () => {
  const viewer = createTestViewer()
  const shipmentId = await create(viewer, 'EV-1007')
  expect((await record(createTestViewer(), { shipmentId, status: 'LOST' })).__typename).toBe('NotFound')
  expect((await record(viewer, { shipmentId: 'shp_\u0000', status: 'LOST' })).__typename).toBe('NotFound')
  expect((await record({ ...viewer, scopes: ['record:read'] }, { shipmentId, status: 'LOST' })).__typename).toBe(
    'NotAllowed',
  )
})

test('a subscriber hears every change of its organisation and can continue after a cursor', async () => {
  const [viewer, other] = [createTestViewer(), createTestViewer()]
  const text = 'subscription ($after: String) { shipmentChanged(after: $after) { id cursor shipment { status } } }'
  type Change = { shipmentChanged: { id: string; cursor: string; shipment: { status: string } } }
  const [mine, theirs] = await Promise.all([
    town.client.subscribe<Change>(viewer, text, { after: '0' }),
    town.client.subscribe<Change>(other, text, { after: '0' }),
  ])
  const shipmentId = await create(viewer, 'EV-1008')
  const first = await mine.next()
  expect(first.data.shipmentChanged).toMatchObject({ id: shipmentId, shipment: { status: 'PENDING' } })
  await mine.end()
  await record(viewer, { shipmentId, status: 'PICKED_UP' })
  await record(viewer, { shipmentId, status: 'AT_HUB' })
  const again = await town.client.subscribe<Change>(viewer, text, { after: first.data.shipmentChanged.cursor })
  expect([await again.next(), await again.next()].map(({ data }) => data.shipmentChanged.id)).toEqual([
    shipmentId,
    shipmentId,
  ])
  await again.end()
  const own = await create(other, 'EV-1009')
  expect((await theirs.next()).data.shipmentChanged.id).toBe(own)
  await theirs.end()
})

test('a subscription with a cursor that nobody gave is refused', async () => {
  await expect(
    town.client.subscribe(createTestViewer(), 'subscription { shipmentChanged(after: "x") { id } }'),
  ).rejects.toThrow('cursor')
})
