import type { JobOutcome } from '@/gql/graphql'

export const jobOutcomes: JobOutcome[] = ['DONE', 'FAILED', 'CANCELLED']

const looks: Record<JobOutcome, { icon: string; tone: string }> = {
  DONE: { icon: 'i-lucide-check', tone: 'bg-primary/10 text-primary' },
  FAILED: { icon: 'i-lucide-circle-alert', tone: 'bg-error/10 text-error' },
  CANCELLED: { icon: 'i-lucide-circle-slash', tone: 'bg-elevated text-muted' },
}

/** Icon and colour of how a call ended. */
export function outcomeLook(outcome: JobOutcome): { icon: string; tone: string } {
  return looks[outcome]
}
