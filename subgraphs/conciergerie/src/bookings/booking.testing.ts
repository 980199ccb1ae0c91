import { expect } from 'vitest'
import type { Viewer } from '@passerelle/platform/schema'
import type { TestSubgraph } from '@passerelle/platform/subgraph/testing'

/** A booking, or why there is none. */
export interface BookingAnswer {
  __typename: string
  id: string
  arrival: string
  status: string
  booking?: { id: string }
}

interface BookingPage {
  totalCount: number
  nodes: BookingAnswer[]
  pageInfo: { endCursor: string | null; hasNextPage: boolean }
}

const shown = `... on Booking { id arrival departure nights guests status source reference note property { id name } client { id name } }`
const told = `__typename ${shown} ... on Refusal { code } ... on InvalidInput { path } ... on BookingConflict { booking { id arrival } }`

/** What tests of bookings begin with. */
export function createBookingKit(town: TestSubgraph) {
  async function write(viewer: Viewer, text: string, variables: object): Promise<BookingAnswer> {
    const { data, errors } = await town.client.ask<{ answer: BookingAnswer }>(viewer, text, { ...variables })
    expect(errors).toEqual([])
    return data.answer
  }
  return {
    async client(viewer: Viewer, name: string): Promise<string> {
      const text =
        'mutation ($input: CreateClientInput!) { answer: createClient(input: $input) { ... on Client { id } } }'
      return (await write(viewer, text, { input: { name } })).id
    },
    async property(viewer: Viewer, input: { name: string; ownerId?: string }): Promise<string> {
      const text =
        'mutation ($input: CreatePropertyInput!) { answer: createProperty(input: $input) { ... on Property { id } } }'
      return (await write(viewer, text, { input })).id
    },
    book: (viewer: Viewer, input: object) =>
      write(viewer, `mutation ($input: CreateBookingInput!) { answer: createBooking(input: $input) { ${told} } }`, {
        input,
      }),
    change: (viewer: Viewer, input: object) =>
      write(viewer, `mutation ($input: UpdateBookingInput!) { answer: updateBooking(input: $input) { ${told} } }`, {
        input,
      }),
    cancel: (viewer: Viewer, id: string) =>
      write(
        viewer,
        `mutation ($id: ID!) { answer: cancelBooking(id: $id) { __typename ${shown} ... on Refusal { code } } }`,
        { id },
      ),
    async list(viewer: Viewer, args: object): Promise<BookingPage> {
      const text = `query ($first: Int, $after: String, $propertyId: ID, $clientId: ID, $from: Date, $to: Date, $statuses: [BookingStatus!], $search: String, $orderBy: BookingOrder) {
        bookings(first: $first, after: $after, propertyId: $propertyId, clientId: $clientId, from: $from, to: $to, statuses: $statuses, search: $search, orderBy: $orderBy) {
          totalCount nodes { id arrival } pageInfo { endCursor hasNextPage } } }`
      const { bookings } = await town.client.data<{ bookings: BookingPage }>(viewer, text, { ...args })
      return bookings
    },
  }
}
