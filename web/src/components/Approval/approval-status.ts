import type { Tone } from '@/components/Kit/tones'
import type { ApprovalStatus } from '@/gql/graphql'

const looks: Record<ApprovalStatus, { icon: string; tone: Tone; spins?: boolean }> = {
  PENDING: { icon: 'i-lucide-hourglass', tone: 'warning' },
  APPROVED: { icon: 'i-lucide-loader-circle', tone: 'info', spins: true },
  DONE: { icon: 'i-lucide-check', tone: 'success' },
  FAILED: { icon: 'i-lucide-circle-x', tone: 'error' },
  REJECTED: { icon: 'i-lucide-ban', tone: 'neutral' },
  EXPIRED: { icon: 'i-lucide-clock-alert', tone: 'neutral' },
  CANCELLED: { icon: 'i-lucide-undo-2', tone: 'neutral' },
}

/** Icon and tone of an approval's status. */
export function approvalLook(status: ApprovalStatus): { icon: string; tone: Tone; spins?: boolean } {
  return looks[status]
}
