import { requireReader } from '@passerelle/platform/schema'
import { builder } from '../builder.ts'
import { watchBookings, type BookingChange } from './booking.facts.ts'
import { BookingRef } from './booking.graphql.ts'

const BookingChangeRef = builder.objectRef<BookingChange>('BookingChange').implement({
  tag: 'client',
  description: 'Something about a booking is different.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Of the booking.' }),
    booking: t.field({
      description: 'As it is now; null once it is gone.',
      type: BookingRef,
      nullable: true,
      resolve: ({ id }, _args, { bookings }) => bookings.load(id),
    }),
    cursor: t.exposeString('cursor', { description: 'Continues the subscription after this change.' }),
  }),
})

builder.subscriptionField('bookingChanged', (t) =>
  t.field({
    tag: 'client',
    description: 'Every change of every booking: live, after the cursor when there is one.',
    type: BookingChangeRef,
    args: { after: t.arg.string({ description: 'A cursor of an earlier change; from now on unless told.' }) },
    subscribe: (_root, { after }, context) =>
      watchBookings(context.platform, { viewer: requireReader(context, 'record:read'), after }),
    resolve: (change) => change,
  }),
)
