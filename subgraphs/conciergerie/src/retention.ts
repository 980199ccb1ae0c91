import { publish, type NewFact } from '@passerelle/platform/facts'
import type { RetentionNoun } from '@passerelle/platform/privacy'
import { rowsOf } from '@passerelle/platform/sql'
import { bookingFact, bookingFacts } from './bookings/booking.facts.ts'
import type { Booking } from './bookings/booking.ts'
import { requestRemoved } from './service-requests/service-request.facts.ts'

/** Stays that are over since some time, with who came. What was billed for them is a document, and is kept as such. */
const pastBookings = retained<Pick<Booking, 'id' | 'propertyId' | 'status'>>({
  table: 'conciergerie.booking',
  columns: 'id, property_id as "propertyId", status',
  past: 'departure < $1::date',
  toFact: (booking) => bookingFact(bookingFacts.removed, booking),
})

/** Requests that were done, declined or taken back some time ago, with their history and all that was said. */
const endedRequests = retained<{ id: string; clientId: string | null }>({
  table: 'conciergerie.service_request',
  columns: 'id, client_id as "clientId"',
  past: `status in ('DONE', 'DECLINED', 'CANCELLED') and updated_at < $1`,
  toFact: ({ id, clientId }) => requestRemoved(id, clientId),
})

/** What conciergerie keeps for a number of days and not longer, where the organisation says so. */
export const conciergerieRetention: readonly RetentionNoun[] = [pastBookings, endedRequests]

interface Retained<Row> {
  table: string
  columns: string
  /** Whether a row is older than the moment `$1`. */
  past: string
  toFact(row: Row): NewFact
}

function retained<Row>({ table, columns, past, toFact }: Retained<Row>): RetentionNoun {
  return {
    noun: table,
    legalMinimumDays: 0,
    async count(tx, before) {
      const [row] = await rowsOf<{ count: number }>(tx, `select count(*) as count from ${table} where ${past}`, [
        before,
      ])
      return row?.count ?? 0
    },
    async remove(tx, { before, most }) {
      // Chosen once: a plan that asks again for each row passes over those that it has just deleted, and takes more than it may.
      const old = `select id from ${table} where ${past} order by id limit $2 for update`
      const gone = await rowsOf<Row>(
        tx,
        `with old as materialized (${old}) delete from ${table} where id in (select id from old) returning ${columns}`,
        [before, most],
      )
      for (const row of gone) publish(tx, toFact(row))
      return gone.length
    },
  }
}
