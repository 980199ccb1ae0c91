import { useI18n } from 'vue-i18n'
import { useFormat } from '@/composables/useFormat'
import type { BookingRowFragment } from '@/gql/graphql'
import { isClosure } from './booking-look'

/** What a booking is called. */
export function useBookingWords() {
  const { t } = useI18n()
  const format = useFormat()
  return {
    /** Who comes: the guest, how many where it is not known who, or that it is closed. */
    who: (booking: Pick<BookingRowFragment, 'client' | 'guests'>): string => {
      if (booking.client) return booking.client.name
      return isClosure(booking) ? t('bookings.closed') : t('bookings.guestCount', booking.guests ?? 1)
    },
    /** When, with how many nights. */
    when: ({ arrival, departure, nights }: Pick<BookingRowFragment, 'arrival' | 'departure' | 'nights'>): string =>
      `${format.value.days(arrival, departure)} · ${t('bookings.nightCount', nights)}`,
  }
}
