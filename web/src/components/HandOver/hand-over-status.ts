import type { HandOverStatus } from '@/gql/graphql'

const looks: Record<HandOverStatus, { icon: string; tone: string }> = {
  OPEN: { icon: 'i-lucide-hourglass', tone: 'bg-warning/10 text-warning' },
  TAKEN: { icon: 'i-lucide-user-round-check', tone: 'bg-info/10 text-info' },
  ANSWERED: { icon: 'i-lucide-message-circle-reply', tone: 'bg-primary/10 text-primary' },
  CLOSED: { icon: 'i-lucide-check', tone: 'bg-elevated text-muted' },
}

/** Icon and colour of a hand-over's status. */
export function handOverLook(status: HandOverStatus): { icon: string; tone: string } {
  return looks[status]
}
