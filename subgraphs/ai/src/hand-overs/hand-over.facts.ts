import type { NewFact } from '@passerelle/platform/facts'
import { subscriptionOf, type Viewer } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'
import { mayAnswer } from './hand-over.policy.ts'
import type { HandOver } from './hand-over.ts'

/** What may happen to a question that was handed over, as facts of the log. They carry ids alone: what was asked is in the row. */
const types = {
  opened: 'hand_over.opened',
  taken: 'hand_over.taken',
  answered: 'hand_over.answered',
  closed: 'hand_over.closed',
  reopened: 'hand_over.reopened',
} as const

export function handOverChanged(
  what: keyof typeof types,
  { id, answerId, conversationId, askerId, assigneeId, status }: HandOver,
): NewFact {
  return { type: types[what], payload: { id, answerId, conversationId, askerId, assigneeId, status } }
}

export interface HandOverChange {
  id: string
  cursor: string
}

/** Every change of the hand-overs that the viewer sees, after the cursor or from now on. */
export function watchHandOvers(
  { facts }: Platform,
  { viewer, after, signal }: { viewer: Viewer; after: string | null | undefined; signal: AbortSignal },
): AsyncIterableIterator<HandOverChange> {
  const source = facts.subscribe(viewer.organizationId, {
    types: Object.values(types),
    after,
    signal,
    where: ({ payload }) => mayAnswer(viewer) || payload['askerId'] === viewer.userId,
  })
  return subscriptionOf(source, ({ payload, position }) => ({ id: String(payload['id']), cursor: position }))
}
