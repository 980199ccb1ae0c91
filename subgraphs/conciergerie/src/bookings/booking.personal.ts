import type { SealedTable } from '@passerelle/platform/sealing'

/** What is personal of a booking: what is noted of the guests. */
export const bookingGuestTable: SealedTable = {
  name: 'conciergerie.booking_guest',
  row: 'booking_id',
  columns: ['note'],
}
