import type { Tone } from '@/components/Kit/tones'
import type { BookingStatus } from '@/gql/graphql'

const looks: Record<BookingStatus, { icon: string; tone: Tone }> = {
  TENTATIVE: { icon: 'i-lucide-clock', tone: 'warning' },
  CONFIRMED: { icon: 'i-lucide-circle-check', tone: 'success' },
  CANCELLED: { icon: 'i-lucide-circle-slash', tone: 'neutral' },
}

/** How the status of a stay looks: always an icon and a word beside the colour. */
export const stayLook = (status: BookingStatus) => looks[status]
