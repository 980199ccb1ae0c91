import type { Named } from '@/components/Kit/named'
import type { BookingRowFragment, BookingSource, BookingStatus } from '@/gql/graphql'

/** What the form of a booking holds. */
export interface BookingDraft {
  property: Named | undefined
  client: Named | undefined
  arrival: string
  departure: string
  /** A number as it was typed. */
  guests: string
  status: BookingStatus
  source: BookingSource
  reference: string
  note: string
}

interface Given {
  booking?: BookingRowFragment | undefined
  property?: Named | undefined
  client?: Named | undefined
  arrival?: string | undefined
}

/** The fields that a refusal may speak about. */
export const fieldNames = [
  'propertyId',
  'clientId',
  'arrival',
  'departure',
  'guests',
  'status',
  'source',
  'reference',
  'note',
]

/** The form of a booking that is there, or of a new one. */
export function toDraft({ booking, property, client, arrival = '' }: Given): BookingDraft {
  if (!booking)
    return {
      property,
      client,
      arrival,
      departure: '',
      guests: '',
      status: 'CONFIRMED',
      source: 'DIRECT',
      reference: '',
      note: '',
    }
  return {
    property: booking.property,
    client: booking.client ?? undefined,
    arrival: booking.arrival,
    departure: booking.departure,
    guests: String(booking.guests ?? ''),
    status: booking.status,
    source: booking.source,
    reference: booking.reference ?? '',
    note: booking.note ?? '',
  }
}

/** The fields that must be filled and are not. */
export function missingOf({ property, arrival, departure }: BookingDraft): string[] {
  return Object.entries({ propertyId: property, arrival, departure }).flatMap(([name, value]) => (value ? [] : [name]))
}

/** What is sent: an emptied field says that there is nothing. */
export function toInput({
  property,
  client,
  arrival,
  departure,
  guests,
  status,
  source,
  reference,
  note,
}: BookingDraft) {
  // A field of numbers gives what was typed as a number.
  const typed = String(guests).trim()
  const count = Number(typed)
  return {
    propertyId: property?.id ?? '',
    clientId: client?.id ?? null,
    arrival,
    departure,
    guests: typed === '' ? null : Number.isInteger(count) ? count : 0,
    status,
    source,
    reference: reference.trim() || null,
    note: note.trim() || null,
  }
}
