import { expect, test } from 'vitest'
import { createTestViewer, useSubgraph } from '@passerelle/platform/subgraph/testing'
import { createBookingKit } from './booking.testing.ts'
import { conciergerie } from '../index.ts'

const town = useSubgraph(conciergerie)
const { client, property, book, cancel, list } = createBookingKit(town)

async function twoHouses() {
  const viewer = createTestViewer()
  const villa = await property(viewer, { name: 'Villa Les Pins' })
  const loft = await property(viewer, { name: 'Loft Noël' })
  const zoe = await client(viewer, 'Zoé Martin')
  const stays = {
    december: { propertyId: villa, clientId: zoe, arrival: '2026-12-20', departure: '2026-12-27', reference: 'HM-4F5' },
    newYear: { propertyId: villa, arrival: '2026-12-30', departure: '2027-01-02', status: 'TENTATIVE' },
    spring: { propertyId: loft, clientId: zoe, arrival: '2027-04-01', departure: '2027-04-10' },
  }
  const ids = new Map<string, string>()
  for (const [name, stay] of Object.entries(stays)) ids.set((await book(viewer, stay)).id, name)
  const found = async (args: Record<string, unknown>) => (await list(viewer, args)).nodes.map(({ id }) => ids.get(id))
  return { viewer, villa, loft, zoe, ids, found }
}

test('bookings come by arrival, and narrowed to a property, a guest and what they stand at', async () => {
  const { viewer, villa, zoe, ids, found } = await twoHouses()
  expect(await found({})).toEqual(['december', 'newYear', 'spring'])
  expect(await found({ orderBy: 'ARRIVAL_DESC' })).toEqual(['spring', 'newYear', 'december'])
  expect(await found({ propertyId: villa })).toEqual(['december', 'newYear'])
  expect(await found({ clientId: zoe })).toEqual(['december', 'spring'])
  expect(await found({ statuses: ['TENTATIVE'] })).toEqual(['newYear'])
  const [december] = ids.keys()
  await cancel(viewer, december ?? '')
  expect(await found({ statuses: ['CANCELLED'] })).toEqual(['december'])
  expect(await found({ statuses: [] })).toEqual([])
})

test('a period has the bookings that reach into it, its first and its last day included', async () => {
  const { found } = await twoHouses()
  expect(await found({ from: '2026-12-27', to: '2026-12-30' })).toEqual(['december', 'newYear'])
  expect(await found({ from: '2026-12-28' })).toEqual(['newYear', 'spring'])
  expect(await found({ to: '2026-12-29' })).toEqual(['december'])
  expect(await found({ from: '2027-01-03', to: '2027-03-31' })).toEqual([])
})

test('a search looks into the reference and into the names of the guest and the property', async () => {
  const { found } = await twoHouses()
  expect(await found({ search: 'hm4f5' })).toEqual(['december'])
  expect(await found({ search: 'zoe MARTIN' })).toEqual(['december', 'spring'])
  expect(await found({ search: 'martin noel' })).toEqual(['spring'])
  expect(await found({ search: 'les pins' })).toEqual(['december', 'newYear'])
  expect(await found({ search: '%' })).toEqual([])
})

test('the list goes on after a cursor, either way round, without a gap or a repeat', async () => {
  const { viewer, loft } = await twoHouses()
  for (let day = 1; day < 8; day++)
    await book(viewer, { propertyId: loft, arrival: `2026-05-0${day}`, departure: `2026-05-0${day + 1}` })
  for (const orderBy of ['ARRIVAL_ASC', 'ARRIVAL_DESC']) {
    const seen: string[] = []
    for (let after: string | null = null, more = true; more;) {
      const page = await list(viewer, { first: 3, after, orderBy })
      seen.push(...page.nodes.map(({ arrival }) => arrival))
      after = page.pageInfo.endCursor
      more = page.pageInfo.hasNextPage
    }
    const sorted = seen.toSorted()
    expect([seen.length, new Set(seen).size]).toEqual([10, 10])
    expect(seen).toEqual(orderBy === 'ARRIVAL_ASC' ? sorted : sorted.toReversed())
  }
})

test.each([
  ['a cursor that holds no day', ['2026-13-01', `bkg_${'0'.repeat(32)}`]],
  ['a cursor of the year 0', ['0000-01-01', `bkg_${'0'.repeat(32)}`]],
  ['a cursor of another list', ['zoe', `cli_${'0'.repeat(32)}`]],
])('%s is refused', async (_what, key) => {
  const after = Buffer.from(JSON.stringify(key)).toString('base64url')
  const { errors } = await town.client.ask(
    createTestViewer(),
    'query ($after: String) { bookings(after: $after) { nodes { id } } }',
    {
      after,
    },
  )
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
})

test('a client has their stays, a property its own, and an owner their properties', async () => {
  const { viewer, villa, zoe } = await twoHouses()
  const text = `query ($client: ID!, $property: ID!) { client(id: $client) { bookings(first: 1) { totalCount nodes { arrival property { name owner { name } } } } properties { nodes { name } } }
    property(id: $property) { bookings(from: "2026-12-29") { nodes { arrival } } } }`
  const owner = await client(viewer, 'Mme Durand')
  await town.client.data(
    viewer,
    'mutation ($input: UpdatePropertyInput!) { updateProperty(input: $input) { __typename } }',
    {
      input: { id: villa, ownerId: owner },
    },
  )
  expect(await town.client.data(viewer, text, { client: zoe, property: villa })).toEqual({
    client: {
      bookings: {
        totalCount: 2,
        nodes: [{ arrival: '2026-12-20', property: { name: 'Villa Les Pins', owner: { name: 'Mme Durand' } } }],
      },
      properties: { nodes: [] },
    },
    property: { bookings: { nodes: [{ arrival: '2026-12-30' }] } },
  })
  const theirs = 'query ($id: ID!) { client(id: $id) { properties { totalCount nodes { name } } } }'
  expect(await town.client.data(viewer, theirs, { id: owner })).toEqual({
    client: { properties: { totalCount: 1, nodes: [{ name: 'Villa Les Pins' }] } },
  })
})
