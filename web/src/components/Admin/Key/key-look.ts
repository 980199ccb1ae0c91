import type { Tone } from '@/components/Kit/tones'
import type { ApiKeyState, KeyPartsFragment } from '@/gql/graphql'

/** What a list says of a key: its state, or that its end is near. */
export type KeyLook = ApiKeyState | 'ENDS_SOON'

const looks: Record<KeyLook, { icon: string; tone: Tone }> = {
  ACTIVE: { icon: 'i-lucide-circle-check', tone: 'success' },
  ENDS_SOON: { icon: 'i-lucide-clock-alert', tone: 'warning' },
  WITHOUT_MAKER: { icon: 'i-lucide-user-x', tone: 'error' },
  EXPIRED: { icon: 'i-lucide-clock', tone: 'neutral' },
  REVOKED: { icon: 'i-lucide-ban', tone: 'neutral' },
}

/** Time enough to make another key and bring it to whoever asks with this one. */
const soonMs = 30 * 86_400_000

export function keyLook(
  { state, expiresAt }: Pick<KeyPartsFragment, 'state' | 'expiresAt'>,
  now = Date.now(),
): KeyLook {
  return state === 'ACTIVE' && Date.parse(expiresAt) - now < soonMs ? 'ENDS_SOON' : state
}

/** Icon and tone of what a list says of a key. */
export function lookOf(look: KeyLook): { icon: string; tone: Tone } {
  return looks[look]
}
