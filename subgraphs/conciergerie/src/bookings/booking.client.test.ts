import { expect, test } from 'vitest'
import type { Viewer } from '@passerelle/platform/schema'
import { createTestClientViewer, createTestViewer, useSubgraph } from '@passerelle/platform/subgraph/testing'
import { createBookingKit } from './booking.testing.ts'
import { conciergerie } from '../index.ts'

const town = useSubgraph(conciergerie)
const { client, property, book, change, cancel } = createBookingKit(town)

/** A villa of Mme Durand with a stay of Zoé's and one of Paul's, and a loft of nobody's in which it is closed. */
async function season() {
  const staff = createTestViewer()
  const [durand, zoe, paul] = [
    await client(staff, 'Mme Durand'),
    await client(staff, 'Zoé Martin'),
    await client(staff, 'Paul Petit'),
  ]
  const villa = await property(staff, { name: 'Villa Les Pins', ownerId: durand })
  const loft = await property(staff, { name: 'Loft Noël' })
  const secret = { reference: 'HM4F5', note: 'Code 4711' }
  const stay = await book(staff, {
    propertyId: villa,
    clientId: zoe,
    arrival: '2026-12-20',
    departure: '2026-12-27',
    ...secret,
  })
  const other = await book(staff, {
    propertyId: villa,
    clientId: paul,
    arrival: '2026-12-27',
    departure: '2026-12-30',
    ...secret,
  })
  const closed = await book(staff, { propertyId: loft, arrival: '2026-12-20', departure: '2026-12-21' })
  const as = (clientId: string): Viewer => createTestClientViewer({ organizationId: staff.organizationId, clientId })
  return { staff, ids: { durand, zoe, paul, villa, loft, stay: stay.id, other: other.id, closed: closed.id }, as }
}

const entity = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Client { name email
  bookings { totalCount nodes { id reference } }
  properties { totalCount nodes { name bookings { totalCount nodes { id reference client { id } guests } } } } } } }`

interface Own {
  name: string
  bookings: { totalCount: number; nodes: { id: string; reference: string | null }[] }
  properties: {
    totalCount: number
    nodes: {
      name: string
      bookings: {
        totalCount: number
        nodes: { id: string; reference: string | null; client: unknown; guests: number }[]
      }
    }[]
  }
}

async function own(viewer: Viewer, id: string): Promise<Own | null> {
  const { _entities } = await town.client.data<{ _entities: [Own | null] }>(viewer, entity, {
    of: [{ __typename: 'Client', id }],
  })
  return _entities[0]
}

test('a guest sees their own stay with its reference, and the property without the stays of others', async () => {
  const { ids, as } = await season()
  const zoe = as(ids.zoe)
  expect(await own(zoe, ids.zoe)).toMatchObject({
    name: 'Zoé Martin',
    bookings: { totalCount: 1, nodes: [{ id: ids.stay, reference: 'HM4F5' }] },
    properties: { totalCount: 0, nodes: [] },
  })
  const text = `query ($villa: ID!, $loft: ID!, $other: ID!) { villa: property(id: $villa) { name bookings { totalCount nodes { id } } }
    loft: property(id: $loft) { id } other: booking(id: $other) { id } }`
  expect(await town.client.data(zoe, text, ids)).toEqual({
    villa: { name: 'Villa Les Pins', bookings: { totalCount: 1, nodes: [{ id: ids.stay }] } },
    loft: null,
    other: null,
  })
})

test('an owner sees the stays in their property, and nothing of who comes', async () => {
  const { ids, as } = await season()
  const durand = await own(as(ids.durand), ids.durand)
  expect(durand?.bookings).toEqual({ totalCount: 0, nodes: [] })
  const nothing = { reference: null, client: null }
  expect(durand?.properties).toEqual({
    totalCount: 1,
    nodes: [
      {
        name: 'Villa Les Pins',
        bookings: {
          totalCount: 2,
          nodes: [
            { id: ids.stay, guests: 1, ...nothing },
            { id: ids.other, guests: 1, ...nothing },
          ],
        },
      },
    ],
  })
})

test('a client sees no other client, no list of the organisation, and no note', async () => {
  const { ids, as } = await season()
  const zoe = as(ids.zoe)
  expect(await own(zoe, ids.paul)).toBeNull()
  expect(await own(zoe, ids.durand)).toBeNull()
  for (const text of ['{ bookings { totalCount } }', '{ clients { totalCount } }', '{ properties { totalCount } }']) {
    const { errors } = await town.client.ask(zoe, text)
    expect([text, errors[0]?.extensions?.code]).toEqual([text, 'FORBIDDEN'])
  }
  const { data, errors } = await town.client.ask(zoe, 'query ($stay: ID!) { booking(id: $stay) { note } }', ids)
  expect([data, errors[0]?.extensions?.code]).toEqual([{ booking: { note: null } }, 'FORBIDDEN'])
})

test('a client of another organisation who has the same id sees nothing', async () => {
  const { ids } = await season()
  const stranger = createTestClientViewer({ clientId: ids.zoe })
  expect(await own(stranger, ids.zoe)).toBeNull()
  const text = 'query ($villa: ID!, $stay: ID!) { property(id: $villa) { id } booking(id: $stay) { id } }'
  expect(await town.client.data(stranger, text, ids)).toEqual({ property: null, booking: null })
})

test('a client changes nothing, neither through the API nor in the tables', async () => {
  const { ids, as } = await season()
  for (const clientId of [ids.zoe, ids.durand]) {
    const viewer = as(clientId)
    const days = { propertyId: ids.villa, clientId, arrival: '2027-01-20', departure: '2027-01-27' }
    const answers = [
      await book(viewer, days),
      await change(viewer, { id: ids.stay, guests: 2 }),
      await cancel(viewer, ids.stay),
    ]
    expect(answers.map(({ __typename }) => __typename)).toEqual(['NotAllowed', 'NotAllowed', 'NotAllowed'])
    for (const table of ['booking', 'booking_guest', 'property', 'client']) {
      const changed = await town.platform.sql.withOrganization(viewer, (tx) =>
        tx
          .withTables<Record<string, { organization_id: string }>>()
          .updateTable(`conciergerie.${table}`)
          .set({ organization_id: viewer.organizationId })
          .executeTakeFirst(),
      )
      expect([table, changed.numUpdatedRows]).toEqual([table, 0n])
    }
  }
})

test('a client hears of changes of what they see, and of nothing else', async () => {
  const { staff, ids, as } = await season()
  const text = 'subscription ($after: String) { bookingChanged(after: $after) { id booking { id status guests } } }'
  const follow = async (viewer: Viewer) => town.client.subscribe(viewer, text, { after: await town.client.now(viewer) })
  const zoe = await follow(as(ids.zoe))
  const durand = await follow(as(ids.durand))
  for (const id of [ids.closed, ids.other, ids.stay]) await change(staff, { id, guests: 3 })
  const told = (id: string) => ({ bookingChanged: { id, booking: { id, status: 'CONFIRMED', guests: 3 } } })
  expect((await zoe.next()).data).toEqual(told(ids.stay))
  expect((await durand.next()).data).toEqual(told(ids.other))
  expect((await durand.next()).data).toEqual(told(ids.stay))
  await Promise.all([zoe.end(), durand.end()])
})

test('a client goes on after what they heard, by a cursor that counts nothing of the organisation and is nobody else’s', async () => {
  const { staff, ids, as } = await season()
  type Heard = { bookingChanged: { cursor: string; booking: { guests: number } } }
  const text = 'subscription ($after: String) { bookingChanged(after: $after) { cursor booking { guests } } }'
  const begin = await town.client.now(as(ids.zoe))
  const zoe = await town.client.subscribe<Heard>(as(ids.zoe), text, { after: begin })
  await change(staff, { id: ids.stay, guests: 3 })
  const after = (await zoe.next()).data.bookingChanged.cursor
  await zoe.end()
  expect(after).not.toMatch(/^\d+$/)
  await change(staff, { id: ids.stay, guests: 4 })
  const again = await town.client.subscribe<Heard>(as(ids.zoe), text, { after })
  expect((await again.next()).data.bookingChanged.booking).toEqual({ guests: 4 })
  await again.end()
  for (const [whose, cursor] of [
    [ids.zoe, '0'],
    [ids.zoe, '1'],
    [ids.durand, after],
  ] as const)
    await expect(town.client.subscribe(as(whose), text, { after: cursor })).rejects.toThrow('not a cursor')
})

test('whose property it is no more, and who comes no more, sees it no more', async () => {
  const { staff, ids, as } = await season()
  await change(staff, { id: ids.stay, clientId: ids.paul })
  expect((await own(as(ids.zoe), ids.zoe))?.bookings.totalCount).toBe(0)
  expect((await own(as(ids.paul), ids.paul))?.bookings.totalCount).toBe(2)
  await town.client.data(
    staff,
    'mutation ($id: ID!) { updateProperty(input: { id: $id, ownerId: null }) { __typename } }',
    {
      id: ids.villa,
    },
  )
  expect(await town.client.data(as(ids.durand), 'query ($stay: ID!) { booking(id: $stay) { id } }', ids)).toEqual({
    booking: null,
  })
})
