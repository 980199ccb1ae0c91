import { sql } from 'kysely'
import { searchColumn } from '@passerelle/platform/records'
import { readRow, sealRow, type FieldKeys } from '@passerelle/platform/sealing'
import type { Tx } from '@passerelle/platform/sql'
import type { BookingSource, BookingStatus } from './booking.input.ts'
import { bookingGuestTable } from './booking.personal.ts'
import type { Booking } from './booking.ts'
import type { Tables } from '../tables.ts'

/** A booking with what is known of its guest, as far as whoever asks sees that. */
export interface BookingRow {
  id: string
  property_id: string
  arrival: string
  departure: string
  guests: number | null
  status: BookingStatus
  source: BookingSource
  created_at: Date
  updated_at: Date
  booking_id: string | null
  client_id: string | null
  reference: string | null
  note: string | null
}

/** What follows `from` in a query of bookings. */
export const bookings = sql`(select booking.*, guest.booking_id, guest.client_id, guest.reference, guest.note
  from conciergerie.booking as booking left join conciergerie.booking_guest as guest on guest.booking_id = booking.id) as booking`

export async function insertBooking(tx: Tx, keys: FieldKeys, booking: Booking): Promise<void> {
  const on = tx.withTables<Tables>()
  const { id, createdAt } = booking
  const key = { id, organization_id: keys.organizationId, created_at: createdAt }
  await on
    .insertInto('conciergerie.booking')
    .values({ ...key, ...toStay(booking) })
    .execute()
  await on
    .insertInto('conciergerie.booking_guest')
    .values({ organization_id: keys.organizationId, ...toGuest(keys, booking) })
    .execute()
}

/** Writes everything about a booking but which it is. */
export async function updateBooking(tx: Tx, keys: FieldKeys, booking: Booking): Promise<void> {
  const on = tx.withTables<Tables>()
  await on.updateTable('conciergerie.booking').set(toStay(booking)).where('id', '=', booking.id).execute()
  await on
    .updateTable('conciergerie.booking_guest')
    .set(toGuest(keys, booking))
    .where('booking_id', '=', booking.id)
    .execute()
}

export async function loadBookings(tx: Tx, keys: FieldKeys, ids: readonly string[]): Promise<Booking[]> {
  const { rows } = await sql<BookingRow>`select * from ${bookings} where id = any(${ids})`.execute(tx)
  return rows.map((row) => toBooking(keys, row))
}

/** Whether there is such a booking for whoever asks. */
export async function seesBooking(tx: Tx, id: string): Promise<boolean> {
  const { rows } = await sql`select from conciergerie.booking where id = ${id}`.execute(tx)
  return rows.length > 0
}

/** The booking, held until the transaction ends, so that two changes at once both stay. */
export async function holdBooking(tx: Tx, keys: FieldKeys, id: string): Promise<Booking | null> {
  await sql`select id from conciergerie.booking where id = ${id} for update`.execute(tx)
  const [booking] = await loadBookings(tx, keys, [id])
  return booking ?? null
}

/** The first other booking of the property that takes one of the nights; the caller holds the property. */
export async function findOverlapping(tx: Tx, keys: FieldKeys, booking: Booking): Promise<Booking | null> {
  const { id, propertyId, arrival, departure } = booking
  const { rows } = await sql<BookingRow>`select * from ${bookings}
    where property_id = ${propertyId} and status in ('TENTATIVE', 'CONFIRMED')
      and arrival < ${departure}::date and departure > ${arrival}::date and id <> ${id}
    order by arrival limit 1`.execute(tx)
  return rows[0] ? toBooking(keys, rows[0]) : null
}

/** What a list of bookings is searched in besides the names of their property and client. */
export function bookingSearch(reference: string | null): string {
  return searchColumn([reference])
}

export function toBooking(keys: FieldKeys, row: BookingRow): Booking {
  return {
    id: row.id,
    propertyId: row.property_id,
    arrival: row.arrival,
    departure: row.departure,
    guests: row.guests,
    status: row.status,
    source: row.source,
    clientId: row.client_id,
    reference: row.reference,
    note: row.booking_id === null ? null : readRow(keys, bookingGuestTable, row).note,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

function toStay({ propertyId, arrival, departure, guests, status, source, id, updatedAt }: Booking) {
  return { id, property_id: propertyId, arrival, departure, guests, status, source, updated_at: updatedAt }
}

function toGuest(keys: FieldKeys, { id, clientId, reference, note }: Booking) {
  return {
    ...sealRow(keys, bookingGuestTable, { booking_id: id, note }),
    client_id: clientId,
    reference,
    search: bookingSearch(reference),
  }
}
