import { requireSearch } from '@passerelle/platform/records'
import {
  connectionType,
  pageArgs,
  requirePage,
  requireReader,
  requireScope,
  type Args,
} from '@passerelle/platform/schema'
import { listBookings, type BookingFilter, type BookingOrder } from './booking-list.store.ts'
import { nightsOf, type BookingSource, type BookingStatus } from './booking.input.ts'
import type { Booking } from './booking.ts'
import { builder, type ConciergerieContext } from '../builder.ts'
import { ClientRef } from '../clients/client.graphql.ts'
import { PropertyRef } from '../properties/property.graphql.ts'

/** Whether a booking holds. */
export const BookingStatusEnum = builder.enumType('BookingStatus', {
  description: 'Whether a booking holds. One that is cancelled leaves its days free.',
  values: {
    TENTATIVE: { description: 'Its days are taken, and it is not sure yet.' },
    CONFIRMED: { description: 'Its days are taken.' },
    CANCELLED: { description: 'Called off: its days are free.' },
  } satisfies Record<BookingStatus, { description: string }>,
})

/** Where a booking was made. */
export const BookingSourceEnum = builder.enumType('BookingSource', {
  description: 'Where a booking was made.',
  values: {
    DIRECT: { description: 'With the organisation itself.' },
    AIRBNB: { description: 'On Airbnb.' },
    BOOKING_COM: { description: 'On Booking.com.' },
    ABRITEL: { description: 'On Abritel or Vrbo.' },
    OTHER: { description: 'Somewhere else.' },
  } satisfies Record<BookingSource, { description: string }>,
})

const BookingOrderEnum = builder.enumType('BookingOrder', {
  description: 'In which order bookings are listed.',
  values: {
    ARRIVAL_ASC: { description: 'The earliest arrival first.' },
    ARRIVAL_DESC: { description: 'The latest arrival first.' },
  } satisfies Record<BookingOrder, { description: string }>,
})

/** A stay, or days on which a property is closed. */
export const BookingRef = builder.objectRef<Booking>('Booking').implement({
  description: 'A stay in a property, or days on which it is closed.',
  interfaces: ['Node'],
  fields: (t) => ({
    property: t.field({
      tag: 'client',
      description: 'Where.',
      type: PropertyRef,
      resolve: async ({ propertyId }, _args, { properties }) => {
        const property = await properties.load(propertyId)
        if (!property) throw new Error(`The property of a booking is not there: ${propertyId}.`)
        return property
      },
    }),
    client: t.field({
      description: 'Who comes; null where nobody does, or it is not known who.',
      type: ClientRef,
      nullable: true,
      resolve: ({ clientId }, _args, context) => {
        requireReader(context, 'record:read')
        return clientId === null ? null : context.clients.load(clientId)
      },
    }),
    arrival: t.expose('arrival', { tag: 'client', type: 'Date', description: 'The first day, where the property is.' }),
    departure: t.expose('departure', {
      tag: 'client',
      type: 'Date',
      description: 'The last day; its night is free again.',
    }),
    nights: t.int({ tag: 'client', description: 'How many, 1 to 366.', resolve: nightsOf }),
    guests: t.exposeInt('guests', {
      tag: 'client',
      nullable: true,
      description: 'How many come, 1 to 50; null where nobody does, such as where the property is closed.',
    }),
    status: t.expose('status', { tag: 'client', type: BookingStatusEnum, description: 'Whether it holds.' }),
    source: t.expose('source', { tag: 'client', type: BookingSourceEnum, description: 'Where it was made.' }),
    reference: t.exposeString('reference', {
      tag: 'client',
      nullable: true,
      description: 'That of the platform, as typed; an owner who is not the guest is not told it.',
    }),
    note: t.string({
      nullable: true,
      description: 'What colleagues should know; for the organisation alone.',
      resolve: ({ note }, _args, context) => {
        requireScope(context, 'record:read')
        return note
      },
    }),
    createdAt: t.expose('createdAt', { tag: 'client', type: 'DateTime', description: 'When it was written down.' }),
    updatedAt: t.expose('updatedAt', { tag: 'client', type: 'DateTime', description: 'When it was last changed.' }),
  }),
})

builder.asEntity(BookingRef, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: ({ id }, context) => {
    requireReader(context, 'record:read')
    return context.bookings.load(id)
  },
})

const BookingsConnection = connectionType(builder, 'BookingsConnection', { node: BookingRef, tag: 'client' })

builder.queryField('booking', (t) =>
  t.field({
    tag: 'client',
    description: 'The booking under an id.',
    type: BookingRef,
    nullable: true,
    args: { id: t.arg.id({ required: true, description: 'Of the booking.' }) },
    resolve: (_root, { id }, context) => {
      requireReader(context, 'record:read')
      return context.bookings.load(id)
    },
  }),
)

interface ListArgs {
  first?: number | null | undefined
  after?: string | null | undefined
  orderBy?: BookingOrder | null | undefined
}

async function bookingsOf(context: ConciergerieContext, args: ListArgs, filter: BookingFilter) {
  const viewer = requireReader(context, 'record:read')
  const { sql: database, sealing } = context.platform
  const keys = await sealing.keysOf(viewer.organizationId)
  return listBookings({ database, viewer, keys }, { page: requirePage(args), filter, order: args.orderBy })
}

/** What every list of bookings can be asked for. */
function bookingArgs(t: { arg: Args<ConciergerieContext> }) {
  return {
    from: t.arg({ type: 'Date', description: 'Only those that are not over before this day.' }),
    to: t.arg({ type: 'Date', description: 'Only those that begin on this day at the latest.' }),
    statuses: t.arg({ type: [BookingStatusEnum], description: 'Only those that stand at one of these.' }),
    orderBy: t.arg({ type: BookingOrderEnum, description: 'The earliest arrival first unless told.' }),
  }
}

builder.queryField('bookings', (t) =>
  t.field({
    description: 'Bookings, by arrival.',
    type: BookingsConnection,
    args: {
      ...pageArgs(t),
      ...bookingArgs(t),
      propertyId: t.arg.id({ description: 'Only those of this property.' }),
      clientId: t.arg.id({ description: 'Only those of this guest.' }),
      search: t.arg.string({
        description:
          'Part of the reference, or of the name of the guest or the property, without regard to case and accents.',
      }),
    },
    resolve: (_root, { search, ...args }, context) => {
      requireScope(context, 'record:read')
      return bookingsOf(context, args, { ...args, search: requireSearch(search) })
    },
  }),
)

builder.objectField(ClientRef, 'bookings', (t) =>
  t.field({
    tag: 'client',
    description: 'The stays that they come for, by arrival.',
    type: BookingsConnection,
    args: { ...pageArgs(t), ...bookingArgs(t) },
    resolve: ({ id }, args, context) => bookingsOf(context, args, { ...args, clientId: id }),
  }),
)

builder.objectField(PropertyRef, 'bookings', (t) =>
  t.field({
    tag: 'client',
    description: 'The stays in it and the days on which it is closed, by arrival. A guest sees their own alone.',
    type: BookingsConnection,
    args: { ...pageArgs(t), ...bookingArgs(t) },
    resolve: ({ id }, args, context) => bookingsOf(context, args, { ...args, propertyId: id }),
  }),
)
