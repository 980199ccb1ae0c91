import type { Tone } from '@/components/Kit/tones'
import type { WebhookDeliveryState, WebhookKind, WebhookPartsFragment } from '@/gql/graphql'

export const kindIcons: Record<WebhookKind, string> = {
  FACTS: 'i-lucide-braces',
  SLACK: 'i-lucide-hash',
  TEAMS: 'i-lucide-users-round',
}

/** How a webhook stands, as one word with its look. */
export function webhookLook({
  state,
  pausedBecause,
  failingSince,
}: Pick<WebhookPartsFragment, 'state' | 'pausedBecause' | 'failingSince'>): {
  name: 'active' | 'failing' | 'paused' | 'stopped'
  icon: string
  tone: Tone
} {
  if (state === 'PAUSED' && pausedBecause === 'PERSON')
    return { name: 'paused', icon: 'i-lucide-pause', tone: 'neutral' }
  if (state === 'PAUSED') return { name: 'stopped', icon: 'i-lucide-circle-alert', tone: 'error' }
  if (failingSince) return { name: 'failing', icon: 'i-lucide-triangle-alert', tone: 'warning' }
  return { name: 'active', icon: 'i-lucide-check', tone: 'success' }
}

const deliveries: Record<WebhookDeliveryState, { icon: string; tone: Tone }> = {
  WAITING: { icon: 'i-lucide-hourglass', tone: 'info' },
  HELD: { icon: 'i-lucide-pause', tone: 'neutral' },
  DELIVERED: { icon: 'i-lucide-check', tone: 'success' },
  FAILED: { icon: 'i-lucide-x', tone: 'error' },
  SKIPPED: { icon: 'i-lucide-skip-forward', tone: 'neutral' },
}

/** Icon and tone of how a message has fared. */
export function deliveryLook(state: WebhookDeliveryState): { icon: string; tone: Tone } {
  return deliveries[state]
}
