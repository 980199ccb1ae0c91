import { beforeAll, beforeEach, expect, test } from 'vitest'
import { publish } from '@passerelle/platform/facts'
import { shownCursors } from '@passerelle/platform/facts/shown-cursors'
import { newId } from '@passerelle/platform/ids'
import { createClientBook } from '@passerelle/platform/records/testing'
import type { Viewer } from '@passerelle/platform/schema'
import { rowsOf } from '@passerelle/platform/sql'
import { createTestClientViewer, createTestViewer, useSubgraph } from '@passerelle/platform/subgraph/testing'
import { logistics } from './index.ts'
import { personalData } from './personal-data.ts'

const town = useSubgraph(logistics)
const book = createClientBook()

beforeAll(() => {
  town.platform.readGraph = book.readGraph
})

beforeEach(() => {
  book.refusal = null
})

const newClient = ({ organizationId }: Viewer): string => book.add(organizationId)
const asClient = ({ organizationId }: Viewer, clientId: string): Viewer =>
  createTestClientViewer({ organizationId, clientId })

interface Result {
  __typename: string
  id: string
  client: { id: string } | null
  reference: string | null
  path?: string[]
}
const result = '__typename ... on Shipment { id reference client { id } } ... on InvalidInput { path }'

async function create(viewer: Viewer, input: Record<string, unknown>): Promise<Result> {
  const text = `mutation ($input: CreateShipmentInput!) { createShipment(input: $input) { ${result} } }`
  return (await town.client.data<{ createShipment: Result }>(viewer, text, { input })).createShipment
}

async function update(viewer: Viewer, input: Record<string, unknown>): Promise<Result> {
  const text = `mutation ($input: UpdateShipmentInput!) { updateShipment(input: $input) { ${result} } }`
  return (await town.client.data<{ updateShipment: Result }>(viewer, text, { input })).updateShipment
}

/** Every way to a shipment that a client has, and those of the staff. */
async function look(viewer: Viewer, { id, clientId }: { id: string; clientId: string }) {
  const text = `query ($id: ID!, $representations: [_Any!]!) {
    shipment(id: $id) { trackingNumber events { totalCount nodes { status } } }
    byNumber: shipment(trackingNumber: "6A12345678901") { id }
    _entities(representations: $representations) { ... on Client { shipments { totalCount nodes { id } } } ... on Shipment { trackingNumber } } }`
  const representations = [
    { __typename: 'Client', id: clientId },
    { __typename: 'Shipment', id },
  ]
  return town.client.data(viewer, text, { id, representations })
}

const nothing = {
  shipment: null,
  byNumber: null,
  _entities: [{ shipments: { totalCount: 0, nodes: [] } }, null],
}

test('a client reads the shipments that are theirs with what happened to them; another client and another organisation read none', async () => {
  const staff = createTestViewer()
  const [clientId, other] = [newClient(staff), newClient(staff)]
  const { id, client } = await create(staff, { trackingNumber: '6A12345678901', clientId })
  await create(staff, { trackingNumber: 'OTHER-1', clientId: other })
  await create(staff, { trackingNumber: 'NOBODY-1' })
  expect(client).toEqual({ id: clientId })
  const theirs = {
    shipment: { trackingNumber: '6A12345678901', events: { totalCount: 1, nodes: [{ status: 'PENDING' }] } },
    byNumber: { id },
    _entities: [{ shipments: { totalCount: 1, nodes: [{ id }] } }, { trackingNumber: '6A12345678901' }],
  }
  expect(await look(asClient(staff, clientId), { id, clientId })).toEqual(theirs)
  expect(await look(staff, { id, clientId })).toEqual(theirs)
  expect(await look(asClient(staff, other), { id, clientId })).toEqual(nothing)
  const stranger = createTestViewer()
  expect(await look(stranger, { id, clientId })).toEqual(nothing)
  expect(await look(asClient(stranger, clientId), { id, clientId })).toEqual(nothing)
})

test('a client’s own transaction sees no row of anybody else’s, and writes none at all', async () => {
  const staff = createTestViewer()
  const clientId = newClient(staff)
  await create(staff, { trackingNumber: 'AB-1', clientId })
  await create(staff, { trackingNumber: 'AB-2', clientId: newClient(staff) })
  await create(staff, { trackingNumber: 'AB-3' })
  const inside = (text: string) =>
    town.platform.sql.withOrganization(asClient(staff, clientId), (tx) => rowsOf<{ one: string }>(tx, text, []))
  expect(await inside('select tracking_number as one from logistics.shipment')).toEqual([{ one: 'AB-1' }])
  expect(await inside('select status as one from logistics.shipment_event')).toEqual([{ one: 'PENDING' }])
  for (const text of [
    `update logistics.shipment set reference = 'x' returning id as one`,
    'delete from logistics.shipment returning id as one',
  ])
    expect(await inside(text)).toEqual([])
  const insert = `insert into logistics.shipment (id, organization_id, tracking_number, tracking_key, client_id, status, search)
    values ('shp_1', '${staff.organizationId}', 'x', 'x', '${clientId}', 'PENDING', '')`
  await expect(inside(insert)).rejects.toThrow('row-level security')
})

test('a shipment that is given to another client is gone for the first, and one that is taken back for both', async () => {
  const staff = createTestViewer()
  const [clientId, other] = [newClient(staff), newClient(staff)]
  const { id } = await create(staff, { trackingNumber: '6A12345678901', clientId })
  expect(await update(staff, { id, clientId: other })).toMatchObject({ client: { id: other } })
  expect(await look(asClient(staff, clientId), { id, clientId })).toEqual(nothing)
  expect(await look(asClient(staff, other), { id, clientId: other })).toMatchObject({ byNumber: { id } })
  expect(await update(staff, { id, clientId: null })).toMatchObject({ client: null })
  expect(await look(asClient(staff, other), { id, clientId: other })).toEqual(nothing)
  const entries = await town.platform.database.asOwner<{ detail: string }>(
    `select detail::text as detail from platform.audit_entry where organization_id = $1 and action = 'shipment.assigned' order by position`,
    [staff.organizationId],
  )
  expect(entries.map(({ detail }) => JSON.parse(detail))).toEqual([
    { clientId },
    { clientId: other },
    { clientId: null },
  ])
})

test('a change keeps what it leaves out, clears what is null, and is found by the new reference', async () => {
  const staff = createTestViewer()
  const clientId = newClient(staff)
  const { id } = await create(staff, { trackingNumber: 'AB-1', reference: 'Commande 12', clientId })
  expect(await update(staff, { id, reference: 'Hôtel Négresco' })).toMatchObject({ client: { id: clientId } })
  const found = async (search: string): Promise<number> => {
    const text = 'query ($search: String) { shipments(search: $search) { totalCount } }'
    const { shipments } = await town.client.data<{ shipments: { totalCount: number } }>(staff, text, { search })
    return shipments.totalCount
  }
  expect([await found('negresco'), await found('ab1'), await found('commande')]).toEqual([1, 1, 0])
  expect(await update(staff, { id, reference: null })).toMatchObject({ reference: null, client: { id: clientId } })
  expect(await update(staff, { id })).toMatchObject({ reference: null, client: { id: clientId } })
})

test('shipments name nobody who was erased', async () => {
  const staff = createTestViewer()
  const [clientId, other] = [newClient(staff), newClient(staff)]
  await create(staff, { trackingNumber: 'AB-1', clientId })
  await create(staff, { trackingNumber: 'AB-2', clientId: other })
  await town.platform.sql.withOrganization(staff, async (tx) => {
    publish(tx, { type: 'client.erased', payload: { id: clientId } })
  })
  const named = async () => {
    const { shipments } = await town.client.data<{ shipments: { nodes: { client: { id: string } | null }[] } }>(
      staff,
      '{ shipments { nodes { client { id } } } }',
    )
    return shipments.nodes.map(({ client }) => client?.id)
  }
  await expect.poll(named, { timeout: 30_000 }).toEqual([other, undefined])
})

test('a client whom nobody here knows is refused, whether they are of another organisation or of none', async () => {
  const staff = createTestViewer()
  const { id } = await create(staff, { trackingNumber: 'AB-1' })
  for (const clientId of [newClient(createTestViewer()), newId('cli'), newId('shp'), 'x', '']) {
    const refused = { __typename: 'InvalidInput', path: ['clientId'] }
    expect(await create(staff, { trackingNumber: 'AB-2', clientId })).toEqual(refused)
    expect(await update(staff, { id, clientId })).toEqual(refused)
  }
  const { data } = await town.client.ask(staff, '{ shipments { nodes { trackingNumber client { id } } } }')
  expect(data).toEqual({ shipments: { nodes: [{ trackingNumber: 'AB-1', client: null }] } })
})

test('who may read no clients gives none, and while nobody can say who they are the caller is told', async () => {
  const staff = createTestViewer()
  const clientId = newClient(staff)
  book.refusal = 'FORBIDDEN'
  expect((await create(staff, { trackingNumber: 'AB-1', clientId })).__typename).toBe('NotAllowed')
  book.refusal = 'ENGINE_UNAVAILABLE'
  expect(await create(staff, { trackingNumber: 'AB-1', clientId })).toMatchObject({ __typename: 'EngineUnavailable' })
})

test('who only reads, a client, and another organisation change no shipment', async () => {
  const staff = createTestViewer()
  const clientId = newClient(staff)
  const { id } = await create(staff, { trackingNumber: 'AB-1', clientId })
  const reader = createTestViewer({ organizationId: staff.organizationId, roles: ['VIEWER'] })
  for (const viewer of [reader, asClient(staff, clientId)])
    expect((await update(viewer, { id, reference: 'x' })).__typename).toBe('NotAllowed')
  for (const [viewer, target] of [
    [createTestViewer(), id],
    [staff, newId('shp')],
    [staff, 'x'],
  ] as const)
    expect((await update(viewer, { id: target, reference: 'x' })).__typename).toBe('NotFound')
})

test('a client is told of nothing but their own shipments, and asks for no list of the house', async () => {
  const staff = createTestViewer()
  const clientId = newClient(staff)
  const client = asClient(staff, clientId)
  const events = await town.client.subscribe<{ shipmentChanged: { id: string; shipment: { reference: string } } }>(
    client,
    'subscription ($after: String) { shipmentChanged(after: $after) { id shipment { reference } } }',
    { after: shownCursors(town.platform, client).show('0') },
  )
  await create(staff, { trackingNumber: 'NOBODY-1' })
  await create(staff, { trackingNumber: 'OTHER-1', clientId: newClient(staff) })
  const { id } = await create(staff, { trackingNumber: 'AB-1' })
  await update(staff, { id, clientId, reference: 'à vous' })
  const { data } = await events.next()
  await events.end()
  expect(data.shipmentChanged).toEqual({ id, shipment: { reference: 'à vous' } })
  const { errors } = await town.client.ask(client, '{ shipments { nodes { id } } }')
  expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
})

test('the list of the house is narrowed to a client', async () => {
  const staff = createTestViewer()
  const clientId = newClient(staff)
  await create(staff, { trackingNumber: 'AB-1', clientId })
  await create(staff, { trackingNumber: 'AB-2' })
  const text = 'query ($clientId: ID) { shipments(clientId: $clientId) { totalCount nodes { trackingNumber } } }'
  const one = { totalCount: 1, nodes: [{ trackingNumber: 'AB-1' }] }
  expect(await town.client.data(staff, text, { clientId })).toEqual({ shipments: one })
  const none = { shipments: { totalCount: 0, nodes: [] } }
  expect(await town.client.data(staff, text, { clientId: 'x' })).toEqual(none)
  expect(await town.client.data(createTestViewer(), text, { clientId })).toEqual(none)
})

test('who asks what is known of them is told of the shipments of the clients that they are, and of no others', async () => {
  const staff = createTestViewer()
  const [clientId, other] = [newClient(staff), newClient(staff)]
  const { id } = await create(staff, { trackingNumber: 'AB-1', reference: 'à vous', clientId })
  await create(staff, { trackingNumber: 'OTHER-1', clientId: other })
  await create(createTestViewer(), { trackingNumber: 'ELSEWHERE-1' })
  const subject = { userId: null, emails: [], phones: [], names: [], entityIds: [] }
  const { organizationId } = staff
  const request = { organizationId, subject, signal: new AbortController().signal, clientIds: [clientId] }
  const files: Record<string, unknown> = {}
  for await (const { path, content } of personalData.export(town.platform, request))
    files[path] = JSON.parse(String(content))
  expect(files).toEqual({
    'logistics/shipments.json': [expect.objectContaining({ id, client_id: clientId, reference: 'à vous' })],
  })
})
