import { InvalidInput, NotAllowed, NotFound, requireScope } from '@passerelle/platform/schema'
import { BookingConflict } from './booking-conflict.ts'
import { BookingRef, BookingSourceEnum, BookingStatusEnum } from './booking.graphql.ts'
import { cancelBooking, createBooking, updateBooking } from './booking.ts'
import { builder } from '../builder.ts'

builder.objectType(BookingConflict, {
  name: 'BookingConflict',
  description: 'Some of the days are taken by another booking of the same property; nothing was written.',
  interfaces: ['Refusal'],
  fields: (t) => ({
    booking: t.expose('booking', { type: BookingRef, description: 'The one that is there already.' }),
  }),
})

const CreateBookingInput = builder.inputType('CreateBookingInput', {
  description: 'A stay to write down, or days on which a property is closed.',
  fields: (t) => ({
    propertyId: t.id({ required: true, description: 'Where.' }),
    clientId: t.id({ description: 'Who comes; nobody where the property is closed.' }),
    arrival: t.field({ type: 'Date', required: true, description: 'The first day, where the property is.' }),
    departure: t.field({
      type: 'Date',
      required: true,
      description: 'After the arrival, by 366 nights at most. Others may arrive on it.',
    }),
    guests: t.int({ description: 'How many come, 1 to 50; 1 unless told where there is a client.' }),
    status: t.field({ type: BookingStatusEnum, description: 'TENTATIVE or CONFIRMED, which it is unless told.' }),
    source: t.field({ type: BookingSourceEnum, description: 'Where it was made; DIRECT unless told.' }),
    reference: t.string({ description: 'That of the platform; one line of at most 120 characters.' }),
    note: t.string({ description: 'What colleagues should know; at most 2,000 characters.' }),
  }),
})

const UpdateBookingInput = builder.inputType('UpdateBookingInput', {
  description: 'What is left out stays; null clears what a booking can be without.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'Of the booking.' }),
    propertyId: t.id({ description: 'Where.' }),
    clientId: t.id({ description: 'Who comes.' }),
    arrival: t.field({ type: 'Date', description: 'The first day, where the property is.' }),
    departure: t.field({ type: 'Date', description: 'After the arrival, by 366 nights at most.' }),
    guests: t.int({ description: 'How many come, 1 to 50.' }),
    status: t.field({ type: BookingStatusEnum, description: 'One that was cancelled may hold again.' }),
    source: t.field({ type: BookingSourceEnum, description: 'Where it was made.' }),
    reference: t.string({ description: 'That of the platform; one line of at most 120 characters.' }),
    note: t.string({ description: 'What colleagues should know; at most 2,000 characters.' }),
  }),
})

builder.mutationField('createBooking', (t) =>
  t.field({
    description:
      'Writes down a booking. Two that hold never share a night of one property; one may arrive on the day on which another departs.',
    type: BookingRef,
    errors: { types: [InvalidInput, NotAllowed, BookingConflict] },
    args: { input: t.arg({ type: CreateBookingInput, required: true, description: 'The booking.' }) },
    resolve: (_root, { input }, context) =>
      createBooking(context.platform, requireScope(context, 'record:write'), input),
  }),
)

builder.mutationField('updateBooking', (t) =>
  t.field({
    description: 'Changes a booking, if the days that it then takes are free.',
    type: BookingRef,
    errors: { types: [NotFound, NotAllowed, InvalidInput, BookingConflict] },
    args: { input: t.arg({ type: UpdateBookingInput, required: true, description: 'The change.' }) },
    resolve: (_root, { input }, context) =>
      updateBooking(context.platform, requireScope(context, 'record:write'), input),
  }),
)

builder.mutationField('cancelBooking', (t) =>
  t.field({
    description: 'Leaves the days of a booking free. `updateBooking` takes them again, if they are still free.',
    type: BookingRef,
    errors: { types: [NotFound, NotAllowed] },
    args: { id: t.arg.id({ required: true, description: 'Of the booking.' }) },
    resolve: (_root, { id }, context) => cancelBooking(context.platform, requireScope(context, 'record:write'), id),
  }),
)
