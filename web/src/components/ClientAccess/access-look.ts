import type { Tone } from '@/components/Kit/tones'
import type { ClientAccountState, ClientLinkState } from '@/gql/graphql'

interface Look {
  icon: string
  tone: Tone
}

/** How a list shows the state of a link. */
export const linkLooks: Record<ClientLinkState, Look> = {
  ACTIVE: { icon: 'i-lucide-circle-check', tone: 'success' },
  EXPIRED: { icon: 'i-lucide-clock', tone: 'neutral' },
  REVOKED: { icon: 'i-lucide-ban', tone: 'neutral' },
}

/** How a list shows the state of an account. */
export const accountLooks: Record<ClientAccountState, Look> = {
  ACTIVE: { icon: 'i-lucide-circle-check', tone: 'success' },
  INVITED: { icon: 'i-lucide-clock', tone: 'info' },
  EXPIRED: { icon: 'i-lucide-hourglass', tone: 'warning' },
}
