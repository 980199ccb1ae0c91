import { sql, type RawBuilder } from 'kysely'
import { z } from 'zod'
import { searchCondition, type Search } from '@passerelle/platform/records'
import { cursorParts, type Page, type PageRequest, type Viewer } from '@passerelle/platform/schema'
import type { FieldKeys } from '@passerelle/platform/sealing'
import type { Sql } from '@passerelle/platform/sql'
import { listRows, type List } from '@passerelle/platform/sql/list'
import type { BookingStatus } from './booking.input.ts'
import { bookings, toBooking, type BookingRow } from './booking.store.ts'
import type { Booking } from './booking.ts'

export type BookingOrder = 'ARRIVAL_ASC' | 'ARRIVAL_DESC'

/** Which bookings; what is missing narrows nothing. */
export interface BookingFilter {
  propertyId?: string | null | undefined
  clientId?: string | null | undefined
  /** Those that are not over before this day, and that begin on this day at the latest. */
  from?: string | null | undefined
  to?: string | null | undefined
  statuses?: readonly BookingStatus[] | null | undefined
  search?: Search | null
}

/** The same with the names that a search looks into, as far as whoever asks sees them. */
const named = sql`(select booking.*, guest.booking_id, guest.client_id, guest.reference, guest.note,
    concat_ws(E'\n', guest.search, client.search, property.search) as search
  from conciergerie.booking as booking
  left join conciergerie.booking_guest as guest on guest.booking_id = booking.id
  left join conciergerie.client as client on client.id = guest.client_id
  left join conciergerie.property as property on property.id = booking.property_id) as booking`

/** Bookings by arrival. */
export function listBookings(
  { database, viewer, keys }: { database: Sql; viewer: Viewer; keys: FieldKeys },
  {
    page,
    filter,
    order = 'ARRIVAL_ASC',
  }: { page: PageRequest; filter: BookingFilter; order?: BookingOrder | null | undefined },
): Promise<Page<Booking>> {
  const list: List<BookingRow, Booking> = {
    from: filter.search ? named : bookings,
    where: conditionOf(filter),
    order: ['arrival', 'id'],
    descending: order === 'ARRIVAL_DESC',
    cursor: z.tuple([cursorParts.day, cursorParts.id('bkg')]),
    toNode: (row) => toBooking(keys, row),
  }
  return listRows({ database, viewer }, list, page)
}

function conditionOf({ propertyId, clientId, from, to, statuses, search }: BookingFilter): RawBuilder<boolean> {
  const conditions = [
    typeof propertyId === 'string' && sql`property_id = ${propertyId}`,
    typeof clientId === 'string' && sql`client_id = ${clientId}`,
    typeof from === 'string' && sql`departure >= ${from}::date`,
    typeof to === 'string' && sql`arrival <= ${to}::date`,
    Array.isArray(statuses) && sql`status = any(${statuses})`,
    search && searchCondition('search', search),
  ].filter((condition) => typeof condition === 'object' && condition !== null)
  return conditions.length === 0 ? sql<boolean>`true` : sql<boolean>`(${sql.join(conditions, sql` and `)})`
}
