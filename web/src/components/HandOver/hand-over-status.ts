import type { Tone } from '@/components/Kit/tones'
import type { HandOverStatus } from '@/gql/graphql'

const looks: Record<HandOverStatus, { icon: string; tone: Tone }> = {
  OPEN: { icon: 'i-lucide-hourglass', tone: 'warning' },
  TAKEN: { icon: 'i-lucide-user-round-check', tone: 'info' },
  ANSWERED: { icon: 'i-lucide-message-circle-reply', tone: 'success' },
  CLOSED: { icon: 'i-lucide-check', tone: 'neutral' },
}

/** Icon and tone of a hand-over's status. */
export function handOverLook(status: HandOverStatus): { icon: string; tone: Tone } {
  return looks[status]
}
