import { subscriptionOf, type Viewer } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'

export interface RunChange {
  id: string
  cursor: string
}

/** Every change of the organisation's runs, or of one of them, after the cursor or from now on. */
export function watchRuns(
  { facts }: Pick<Platform, 'facts'>,
  { viewer, id, after, signal }: { viewer: Viewer; id: string | null; after: string | null; signal: AbortSignal },
): AsyncIterableIterator<RunChange> {
  const source = facts.subscribe(viewer.organizationId, {
    types: ['workflow_run.changed'],
    after,
    signal,
    where: ({ payload }) => !id || payload['id'] === id,
  })
  return subscriptionOf(source, ({ payload, position }) => ({ id: String(payload['id']), cursor: position }))
}
