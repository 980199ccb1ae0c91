import { Refusal } from '@passerelle/platform/schema'
import type { Booking } from './booking.ts'

/** Some of the days are taken by another booking of the same property. */
export class BookingConflict extends Refusal {
  readonly booking: Booking
  constructor(booking: Booking) {
    super('BOOKING_CONFLICT', 'Some of these days are taken by another booking of the same property.')
    this.booking = booking
  }
}
