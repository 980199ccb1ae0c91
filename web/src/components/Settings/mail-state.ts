import type { Tone } from '@/components/Kit/tones'
import type { MailState } from '@/gql/graphql'

const looks: Record<MailState, { icon: string; tone: Tone }> = {
  KEPT: { icon: 'i-lucide-archive', tone: 'neutral' },
  WAITING: { icon: 'i-lucide-clock', tone: 'warning' },
  SENT: { icon: 'i-lucide-circle-check', tone: 'success' },
  REFUSED: { icon: 'i-lucide-circle-x', tone: 'error' },
}

/** Icon and tone of how a message fared. */
export function mailLook(state: MailState): { icon: string; tone: Tone } {
  return looks[state]
}
