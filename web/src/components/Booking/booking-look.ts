import type { Tone } from '@/components/Kit/tones'
import type { BookingRowFragment, BookingSource, BookingStatus } from '@/gql/graphql'

interface StatusLook {
  icon: string
  tone: Tone
}

const looks: Record<BookingStatus, StatusLook> = {
  TENTATIVE: { icon: 'i-lucide-circle-dashed', tone: 'warning' },
  CONFIRMED: { icon: 'i-lucide-circle-check', tone: 'success' },
  CANCELLED: { icon: 'i-lucide-circle-slash', tone: 'neutral' },
}

export const bookingStatuses = Object.keys(looks) as BookingStatus[]
export const bookingSources: BookingSource[] = ['DIRECT', 'AIRBNB', 'BOOKING_COM', 'ABRITEL', 'OTHER']

/** How a status looks: always an icon and a word beside the colour. */
export function bookingLook(status: BookingStatus): StatusLook {
  return looks[status]
}

/** Whether nobody comes: the property is closed. */
export function isClosure({ client, guests }: Pick<BookingRowFragment, 'client' | 'guests'>): boolean {
  return client === null && guests === null
}
