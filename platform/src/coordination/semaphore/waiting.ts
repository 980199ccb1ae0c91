import type { Lease, LeaseRequest } from '../coordination.ts'
import type { WaiterRow } from './leases.ts'
import { servingOrder, type Queue } from './turns.ts'

/** One who waits in this process. */
export interface Waiting {
  row: WaiterRow
  request: LeaseRequest
  place: number
  resolve: (lease: Lease) => void
  reject: (reason: unknown) => void
}

/** Tells those of this process who want to know it their place in the queue, when it has changed. */
export async function tellPlaces(waiting: ReadonlyMap<string, Waiting>, queue: () => Promise<Queue>): Promise<void> {
  if (![...waiting.values()].some(({ request }) => request.onPlace)) return
  let place = 0
  for (const { id } of servingOrder(await queue(), Date.now())) {
    place += 1
    const waiter = waiting.get(id)
    if (!waiter || waiter.place === place) continue
    waiter.place = place
    waiter.request.onPlace?.(place)
  }
}

/** Calls those who watch, and `always`, once per burst of changes, after the burst. */
export function createChanges(always: () => void) {
  const watchers = new Set<() => void>()
  let told: NodeJS.Immediate | null = null
  return {
    happened(): void {
      told ??= setImmediate(() => {
        told = null
        for (const onChange of watchers) onChange()
        always()
      })
    },
    watch(onChange: () => void): () => void {
      const watcher = () => onChange()
      watchers.add(watcher)
      return () => void watchers.delete(watcher)
    },
    watched: () => watchers.size > 0,
  }
}
