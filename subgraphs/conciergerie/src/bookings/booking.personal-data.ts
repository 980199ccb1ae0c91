import { publish } from '@passerelle/platform/facts'
import type { Matcher } from '@passerelle/platform/privacy'
import { readRow, sealRow, type FieldKeys } from '@passerelle/platform/sealing'
import { rowsOf, type Tx } from '@passerelle/platform/sql'
import { bookingFact, bookingFacts } from './booking.facts.ts'
import type { BookingStatus } from './booking.input.ts'
import { bookingGuestTable } from './booking.personal.ts'
import { bookingSearch } from './booking.store.ts'
import type { Sought } from '../service-requests/service-request.personal-data.ts'

/** A booking as somebody is told of it who asks what is known of them. */
export interface HeldBooking {
  id: string
  propertyId: string
  property: string
  arrival: string
  departure: string
  status: BookingStatus
  clientId: string | null
  reference: string | null
  note: string | null
}

const batch = 500

/** The bookings for which the person comes, or whose note or reference names them. Notes are sealed one by one, so each of them is opened to look. */
export async function findBookings(tx: Tx, keys: FieldKeys, { clientIds, matcher }: Sought): Promise<HeldBooking[]> {
  const found: HeldBooking[] = []
  for (let after = ''; ;) {
    const rows = await rowsOf<HeldBooking & { booking_id: string }>(
      tx,
      `select guest.booking_id, guest.booking_id as id, booking.property_id as "propertyId", property.name as property, booking.arrival,
         booking.departure, booking.status, guest.client_id as "clientId", guest.reference, guest.note
       from conciergerie.booking_guest as guest join conciergerie.booking as booking on booking.id = guest.booking_id
       join conciergerie.property as property on property.id = booking.property_id
       where (guest.client_id = any($1) or guest.note is not null or guest.reference is not null) and guest.booking_id > $2
       order by guest.booking_id limit ${batch}`,
      [clientIds, after],
    )
    const opened = rows.map((row) => {
      const { booking_id: _row, ...held } = readRow(keys, bookingGuestTable, row)
      return held
    })
    found.push(...opened.filter((held) => isOf(held, clientIds) || names(held, matcher)))
    const last = rows.at(-1)
    if (!last || rows.length < batch) return found
    after = last.id
  }
}

/**
 * Takes the person out of them: a booking of theirs keeps its days and nothing that was said of its guest, in another they are covered. The caller holds
 * the clients.
 */
export async function eraseFromBookings(tx: Tx, keys: FieldKeys, sought: Sought): Promise<void> {
  for (const held of await findBookings(tx, keys, sought)) {
    const { clientId, reference, note } = isOf(held, sought.clientIds) ? nobody : masked(held, sought.matcher)
    const sealed = sealRow(keys, bookingGuestTable, { booking_id: held.id, note })
    await rowsOf(
      tx,
      'update conciergerie.booking_guest set client_id = $2, reference = $3, note = $4, search = $5 where booking_id = $1',
      [held.id, clientId, reference, sealed.note, bookingSearch(reference)],
    )
    publish(tx, bookingFact(bookingFacts.updated, held))
  }
}

type HeldGuest = Pick<HeldBooking, 'clientId' | 'reference' | 'note'>

const nobody: HeldGuest = { clientId: null, reference: null, note: null }

function masked({ clientId, reference, note }: HeldBooking, matcher: Matcher): HeldGuest {
  return { clientId, reference: reference && matcher.mask(reference), note: note && matcher.mask(note) }
}

function isOf({ clientId }: HeldBooking, clientIds: readonly string[]): boolean {
  return clientId !== null && clientIds.includes(clientId)
}

function names({ reference, note }: HeldBooking, matcher: Matcher): boolean {
  return !matcher.isEmpty && [reference, note].some((text) => text !== null && matcher.finds(text))
}
