import { z } from 'zod'
import { isRecordId, optionalLine } from '@passerelle/platform/records'
import { InvalidInput } from '@passerelle/platform/schema'
import type { Booking } from './booking.ts'

export const bookingStatuses = ['TENTATIVE', 'CONFIRMED', 'CANCELLED'] as const
export type BookingStatus = (typeof bookingStatuses)[number]

export const bookingSources = ['DIRECT', 'AIRBNB', 'BOOKING_COM', 'ABRITEL', 'OTHER'] as const
export type BookingSource = (typeof bookingSources)[number]

const longestNights = 366
const mostGuests = 50
const longestNote = 2_000

const id = (prefix: string, refusal: string) => z.string(refusal).refine((typed) => isRecordId(prefix, typed), refusal)
const property = id('prp', 'There is no property under this id.')
const day = (refusal: string) => z.iso.date(refusal)
const arrival = day('An arrival is a day, such as 2026-11-20.')
const departure = day('A departure is a day, such as 2026-11-20.')
const guests = z
  .int()
  .min(1, `There are 1 to ${mostGuests} guests.`)
  .max(mostGuests, `There are 1 to ${mostGuests} guests.`)

/** Several lines, or nothing. */
const noteText = z.preprocess(
  (value) => (typeof value === 'string' && value.trim() === '' ? null : value),
  z
    .string()
    .trim()
    .max(longestNote, `A note has at most ${longestNote} characters.`)
    .regex(/^[\P{Cc}\n\r\t]*$/u, 'A note has no control characters.')
    .nullish(),
)

const details = {
  clientId: id('cli', 'There is no client under this id.').nullish(),
  guests: guests.nullish(),
  source: z.enum(bookingSources).nullish(),
  reference: optionalLine('A reference', 120),
  note: noteText,
}

/** What a booking begins with. */
export const createInput = z.object({
  propertyId: property,
  arrival,
  departure,
  status: z.enum(['TENTATIVE', 'CONFIRMED'], 'A booking begins as tentative or confirmed.').nullish(),
  ...details,
})

/** What may change of a booking: null clears what may be missing, and leaves what may not. */
export const updateInput = z.object({
  id: z.string(),
  propertyId: property.nullish().transform(orNothing),
  arrival: arrival.nullish().transform(orNothing),
  departure: departure.nullish().transform(orNothing),
  status: z.enum(bookingStatuses).nullish().transform(orNothing),
  ...details,
  source: z.enum(bookingSources).nullish().transform(orNothing),
})

function orNothing<Value>(value: Value | null | undefined): Value | undefined {
  return value ?? undefined
}

/** The booking, whose days must make a stay; InvalidInput otherwise. */
export function requireStay(booking: Booking): Booking {
  const nights = nightsOf(booking)
  if (nights < 1) throw new InvalidInput('The departure is after the arrival.', ['departure'])
  if (nights > longestNights) throw new InvalidInput(`A stay has at most ${longestNights} nights.`, ['departure'])
  return booking
}

/** How many nights. */
export function nightsOf({ arrival: from, departure: to }: Pick<Booking, 'arrival' | 'departure'>): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000)
}

/** Whether it takes its days: one that is cancelled does not. */
export function isActive({ status }: Pick<Booking, 'status'>): boolean {
  return status !== 'CANCELLED'
}
