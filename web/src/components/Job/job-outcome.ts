import type { Tone } from '@/components/Kit/tones'
import type { JobOutcome } from '@/gql/graphql'

export const jobOutcomes: JobOutcome[] = ['DONE', 'FAILED', 'CANCELLED']

const looks: Record<JobOutcome, { icon: string; tone: Tone }> = {
  DONE: { icon: 'i-lucide-circle-check', tone: 'success' },
  FAILED: { icon: 'i-lucide-circle-x', tone: 'error' },
  CANCELLED: { icon: 'i-lucide-circle-slash', tone: 'neutral' },
}

/** Icon and tone of how a call ended. */
export function outcomeLook(outcome: JobOutcome): { icon: string; tone: Tone } {
  return looks[outcome]
}
