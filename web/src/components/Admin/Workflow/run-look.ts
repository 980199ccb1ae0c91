import type { Tone } from '@/components/Kit/tones'
import type { WorkflowRunState } from '@/gql/graphql'

const looks: Record<WorkflowRunState, { icon: string; tone: Tone; spins?: boolean }> = {
  QUEUED: { icon: 'i-lucide-hourglass', tone: 'neutral' },
  RUNNING: { icon: 'i-lucide-loader-circle', tone: 'info', spins: true },
  WAITING: { icon: 'i-lucide-pause', tone: 'warning' },
  DONE: { icon: 'i-lucide-check', tone: 'success' },
  FAILED: { icon: 'i-lucide-x', tone: 'error' },
  TIMED_OUT: { icon: 'i-lucide-alarm-clock-off', tone: 'error' },
  CANCELLED: { icon: 'i-lucide-ban', tone: 'neutral' },
}

/** Icon and tone of how a run stands. */
export function runLook(state: WorkflowRunState): { icon: string; tone: Tone; spins?: boolean } {
  return looks[state]
}

/** Whether it may still change. */
export function isUnderWay(state: WorkflowRunState): boolean {
  return state === 'QUEUED' || state === 'RUNNING' || state === 'WAITING'
}
