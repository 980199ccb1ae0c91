import type { NewFact } from '@passerelle/platform/facts'
import { shownCursors } from '@passerelle/platform/facts/shown-cursors'
import { subscriptionOf, type Viewer } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'
import { seesBooking } from './booking.store.ts'
import type { Booking } from './booking.ts'

/** What is told of bookings; each fact carries `id`, `propertyId` and `status`. */
export const bookingFacts = {
  created: 'booking.created',
  updated: 'booking.updated',
  cancelled: 'booking.cancelled',
  /** It is older than the organisation keeps them. */
  removed: 'booking.removed',
} as const

/** The fact of what a booking is now. */
export function bookingFact(
  type: (typeof bookingFacts)[keyof typeof bookingFacts],
  { id, propertyId, status }: Pick<Booking, 'id' | 'propertyId' | 'status'>,
): NewFact {
  return { type, payload: { id, propertyId, status } }
}

/** Something about a booking is different; `cursor` continues after it. */
export interface BookingChange {
  id: string
  cursor: string
}

/**
 * Every change of every booking of the viewer's organisation, after the cursor or from now on. A client of the organisation is told nothing of those that
 * they do not see.
 */
export function watchBookings(
  { facts, sql, keys }: Platform,
  { viewer, after }: { viewer: Viewer; after: string | null | undefined },
): AsyncIterableIterator<BookingChange> {
  const cursors = shownCursors({ keys }, viewer)
  const source = facts.subscribe(viewer.organizationId, {
    types: Object.values(bookingFacts),
    after: cursors.read(after),
  })
  return subscriptionOf(source, async ({ payload, position }) => {
    const id = String(payload['id'])
    const isSeen = viewer.clientId === null || (await sql.withOrganization(viewer, (tx) => seesBooking(tx, id)))
    return isSeen ? { id, cursor: cursors.show(position) } : null
  })
}
