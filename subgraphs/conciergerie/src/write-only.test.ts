import { expect, test } from 'vitest'
import { createTestViewer, useSubgraph } from '@passerelle/platform/subgraph/testing'
import { createBookingKit } from './bookings/booking.testing.ts'
import { conciergerie } from './index.ts'
import { createRequestKit } from './service-requests/service-request.testing.ts'

const town = useSubgraph(conciergerie)
const { client, property, book } = createBookingKit(town)
const { ask, say } = createRequestKit(town)

test('who may write records and not read them is shown no client, and nothing of what was said, by what a change answers', async () => {
  const house = createTestViewer()
  const clientId = await client(house, 'Zoé Martin')
  const propertyId = await property(house, { name: 'Villa', ownerId: clientId })
  await book(house, { propertyId, clientId, arrival: '2026-12-20', departure: '2026-12-27' })
  const { id } = await ask(house, { clientId })
  await say(house, id, 'Entre nous', { internal: true })
  const writer = { ...house, scopes: ['record:write'] }
  const person = 'client { name }'
  for (const [text, input] of [
    [
      `mutation ($input: CreateBookingInput!) { createBooking(input: $input) { ... on BookingConflict { booking { ${person} } } } }`,
      { propertyId, arrival: '2026-12-01', departure: '2027-01-31' },
    ],
    [
      'mutation ($input: UpdatePropertyInput!) { updateProperty(input: $input) { ... on Property { owner { name } } } }',
      { id: propertyId },
    ],
    [
      `mutation ($input: UpdateServiceRequestInput!) { updateServiceRequest(input: $input) { ... on ServiceRequest { ${person} } } }`,
      { id },
    ],
    ...['messages { nodes { text } }', 'events { nodes { status } }'].map(
      (thread) =>
        [
          `mutation ($input: UpdateServiceRequestInput!) { updateServiceRequest(input: $input) { ... on ServiceRequest { ${thread} } } }`,
          { id },
        ] as const,
    ),
  ] as const) {
    const { data, errors } = await town.client.ask(writer, text, { input })
    expect(errors.map(({ extensions }) => extensions?.code)).toEqual(['FORBIDDEN'])
    expect(JSON.stringify(data ?? null)).not.toMatch(/Zoé|Entre nous/)
  }
})
