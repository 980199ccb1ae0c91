import { expect, test } from 'vitest'
import type { Viewer } from '@passerelle/platform/schema'
import { createTestViewer, useSubgraph } from '@passerelle/platform/subgraph/testing'
import { createBookingKit } from './booking.testing.ts'
import { conciergerie } from '../index.ts'

const town = useSubgraph(conciergerie)
const { client, property, book, change, cancel, list } = createBookingKit(town)

async function home(viewer: Viewer = createTestViewer()) {
  return { viewer, propertyId: await property(viewer, { name: 'Villa Les Pins' }) }
}

test('a booking is kept with its guest, its days and what was noted of it', async () => {
  const { viewer, propertyId } = await home()
  const clientId = await client(viewer, 'Zoé Martin')
  const note = 'Arrive tard.\nLit bébé.'
  const stay = { propertyId, clientId, arrival: '2026-12-20', departure: '2026-12-27', guests: 4, source: 'AIRBNB' }
  const made = await book(viewer, { ...stay, reference: 'HM4F5', note })
  expect(made).toMatchObject({
    __typename: 'Booking',
    property: { name: 'Villa Les Pins' },
    client: { name: 'Zoé Martin' },
    arrival: '2026-12-20',
    departure: '2026-12-27',
    nights: 7,
    guests: 4,
    status: 'CONFIRMED',
    source: 'AIRBNB',
    reference: 'HM4F5',
    note,
  })
  const [row] = await town.platform.database.asOwner<{ whole: string }>(
    `select guest::text as whole from conciergerie.booking_guest as guest where booking_id = $1`,
    [made.id],
  )
  expect(row?.whole).toContain('v1:')
  expect(row?.whole).not.toContain('bébé')
})

test('a property is closed for some days without a guest, and a guest who is known counts as one', async () => {
  const { viewer, propertyId } = await home()
  const days = { propertyId, arrival: '2027-01-04', departure: '2027-01-09' }
  expect(await book(viewer, days)).toMatchObject({ client: null, guests: null })
  const clientId = await client(viewer, 'Zoé')
  expect(await book(viewer, { ...days, clientId, arrival: '2027-01-09', departure: '2027-01-10' })).toMatchObject({
    guests: 1,
  })
})

test.each([
  ['the same days', '2026-12-20', '2026-12-27'],
  ['its first night', '2026-12-18', '2026-12-21'],
  ['its last night', '2026-12-26', '2026-12-30'],
  ['a night inside of it', '2026-12-22', '2026-12-23'],
  ['all around it', '2026-12-01', '2027-01-31'],
])('who asks for %s is told of the booking that is there', async (_what, arrival, departure) => {
  const { viewer, propertyId } = await home()
  const first = await book(viewer, { propertyId, arrival: '2026-12-20', departure: '2026-12-27', status: 'TENTATIVE' })
  const refused = await book(viewer, { propertyId, arrival, departure })
  expect(refused).toMatchObject({
    __typename: 'BookingConflict',
    code: 'BOOKING_CONFLICT',
    booking: { id: first.id, arrival: '2026-12-20' },
  })
  expect((await list(viewer, {})).totalCount).toBe(1)
})

test('one may arrive on the day on which another departs, and stay elsewhere on the same days', async () => {
  const { viewer, propertyId } = await home()
  const { propertyId: other } = await home(viewer)
  const days = { propertyId, arrival: '2026-12-20', departure: '2026-12-27' }
  const all = [
    days,
    { propertyId, arrival: '2026-12-27', departure: '2026-12-28' },
    { propertyId, arrival: '2026-12-13', departure: '2026-12-20' },
    { ...days, propertyId: other },
  ]
  for (const each of all) expect((await book(viewer, each)).__typename).toBe('Booking')
})

test('ten who ask for the same night at once: one has it', async () => {
  const { viewer, propertyId } = await home()
  const days = { propertyId, arrival: '2026-12-20', departure: '2026-12-21' }
  const answers = await Promise.all(Array.from({ length: 10 }, () => book(viewer, days)))
  expect(answers.map(({ __typename }) => __typename).toSorted()).toEqual([
    'Booking',
    ...Array.from({ length: 9 }, () => 'BookingConflict'),
  ])
})

test('two bookings that move at once to the days and the property of each other never both hold', async () => {
  const { viewer, propertyId } = await home()
  const { propertyId: other } = await home(viewer)
  const days = { arrival: '2026-12-20', departure: '2026-12-27' }
  const [here, there] = [
    await book(viewer, { propertyId, ...days }),
    await book(viewer, { propertyId: other, ...days }),
  ]
  const answers = await Promise.all([
    change(viewer, { id: here.id, propertyId: other }),
    change(viewer, { id: there.id, propertyId }),
  ])
  expect(answers.map(({ __typename }) => __typename)).toEqual(['BookingConflict', 'BookingConflict'])
})

test('a booking that is cancelled leaves its days free, and comes back as long as they are', async () => {
  const { viewer, propertyId } = await home()
  const days = { propertyId, arrival: '2026-12-20', departure: '2026-12-27' }
  const first = await book(viewer, days)
  expect(await cancel(viewer, first.id)).toMatchObject({ status: 'CANCELLED' })
  expect(await cancel(viewer, first.id)).toMatchObject({ status: 'CANCELLED' })
  expect(await change(viewer, { id: first.id, status: 'CONFIRMED' })).toMatchObject({ status: 'CONFIRMED' })
  await cancel(viewer, first.id)
  const second = await book(viewer, days)
  expect(await change(viewer, { id: first.id, status: 'CONFIRMED' })).toMatchObject({
    __typename: 'BookingConflict',
    booking: { id: second.id },
  })
})

test('a change leaves what is not given, clears what is null, and a booking never stands in its own way', async () => {
  const { viewer, propertyId } = await home()
  const clientId = await client(viewer, 'Zoé')
  const stay = { propertyId, clientId, arrival: '2026-12-20', departure: '2026-12-27', reference: 'HM4F5', note: 'Clé' }
  const { id } = await book(viewer, stay)
  const changed = await change(viewer, { id, departure: '2026-12-28', reference: null, arrival: null })
  expect(changed).toMatchObject({
    arrival: '2026-12-20',
    nights: 8,
    reference: null,
    note: 'Clé',
    client: { id: clientId },
  })
  expect(await change(viewer, { id, clientId: null })).toMatchObject({ client: null, nights: 8 })
})

test.each([
  ['no night', { departure: '2026-12-20' }, 'departure'],
  ['a departure before the arrival', { departure: '2026-12-19' }, 'departure'],
  ['more than a year', { departure: '2027-12-22' }, 'departure'],
  ['nobody', { guests: 0 }, 'guests'],
  ['a crowd', { guests: 51 }, 'guests'],
  ['a reference of two lines', { reference: 'a\nb' }, 'reference'],
  ['an endless note', { note: 'x'.repeat(2_001) }, 'note'],
  ['the end as its beginning', { status: 'CANCELLED' }, 'status'],
  ['a client who is none', { clientId: 'cli_0' }, 'clientId'],
  ['a client who is not there', { clientId: `cli_${'0'.repeat(32)}` }, 'clientId'],
  ['a property that is not there', { propertyId: `prp_${'0'.repeat(32)}` }, 'propertyId'],
])('a booking of %s is refused and says where', async (_what, input, path) => {
  const { viewer, propertyId } = await home()
  const answer = await book(viewer, { propertyId, arrival: '2026-12-20', departure: '2026-12-21', ...input })
  expect(answer).toMatchObject({ __typename: 'InvalidInput', path: [path] })
})

test('a stay of 366 nights is one', async () => {
  const { viewer, propertyId } = await home()
  const answer = await book(viewer, { propertyId, arrival: '2026-12-20', departure: '2027-12-21' })
  expect(answer).toMatchObject({ nights: 366 })
})

test.each(['2026-02-30', '0000-01-01', '20261220', '2026-12-20T00:00:00Z', 20_261_220, ''])(
  'what is no day is refused: %s',
  async (from) => {
    const text = 'query ($from: Date) { bookings(from: $from) { totalCount } }'
    await expect(town.client.data(createTestViewer(), text, { from })).rejects.toThrow(/Date/)
  },
)

test('who may only read books, changes and cancels nothing', async () => {
  const { viewer, propertyId } = await home()
  const { id } = await book(viewer, { propertyId, arrival: '2026-12-20', departure: '2026-12-21' })
  const reader = createTestViewer({ organizationId: viewer.organizationId, roles: ['VIEWER'] })
  const answers = [
    await book(reader, { propertyId, arrival: '2026-12-22', departure: '2026-12-23' }),
    await change(reader, { id, guests: 2 }),
    await cancel(reader, id),
  ]
  expect(answers.map(({ __typename }) => __typename)).toEqual(['NotAllowed', 'NotAllowed', 'NotAllowed'])
  expect(await list(reader, {})).toMatchObject({ totalCount: 1 })
})

test('another organisation finds nothing, changes nothing and books nothing here', async () => {
  const { viewer, propertyId } = await home()
  const clientId = await client(viewer, 'Zoé')
  const stay = { propertyId, clientId, arrival: '2026-12-20', departure: '2026-12-27', reference: 'HM4F5' }
  const { id } = await book(viewer, stay)
  const { viewer: other, propertyId: theirs } = await home()
  expect((await change(other, { id, guests: 2 })).__typename).toBe('NotFound')
  expect((await cancel(other, id)).__typename).toBe('NotFound')
  expect(await book(other, stay)).toMatchObject({ __typename: 'InvalidInput', path: ['clientId'] })
  expect(await book(other, { ...stay, clientId: null })).toMatchObject({ path: ['propertyId'] })
  expect(await book(other, { ...stay, propertyId: theirs })).toMatchObject({ path: ['clientId'] })
  for (const filter of [{}, { propertyId }, { clientId }, { search: 'HM4F5' }])
    expect(await list(other, filter)).toMatchObject({ totalCount: 0, nodes: [] })
  expect(await town.client.data(other, 'query ($id: ID!) { booking(id: $id) { id } }', { id })).toEqual({
    booking: null,
  })
})

test('whoever follows bookings hears of each change, and of no other organisation’s', async () => {
  const { viewer, propertyId } = await home()
  const { viewer: other, propertyId: theirs } = await home()
  const events = await town.client.subscribe<{ bookingChanged: { id: string; booking: { status: string } } }>(
    viewer,
    'subscription ($after: String) { bookingChanged(after: $after) { id booking { status } } }',
    { after: await town.client.now(viewer) },
  )
  await book(other, { propertyId: theirs, arrival: '2026-12-20', departure: '2026-12-21' })
  const { id } = await book(viewer, { propertyId, arrival: '2026-12-20', departure: '2026-12-21' })
  expect((await events.next()).data.bookingChanged).toEqual({ id, booking: { status: 'CONFIRMED' } })
  await cancel(viewer, id)
  expect((await events.next()).data.bookingChanged).toEqual({ id, booking: { status: 'CANCELLED' } })
  await events.end()
})
