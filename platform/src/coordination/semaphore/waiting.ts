import type { Lease, LeaseRequest, SemaphoreState } from '../coordination.ts'
import type { WaiterRow } from './leases.ts'
import { servingOrder, type Queue } from './turns.ts'

/** One who waits in this process. */
export interface Waiting {
  row: WaiterRow
  request: LeaseRequest
  place: number
  /** Whether the store has answered that it is in. */
  entered: boolean
  resolve: (lease: Lease) => void
  reject: (reason: unknown) => void
}

/** Those who wait in this process, by id. Knows at once whether any of them wants to know its place. */
export function createWaiters() {
  const waiting = new Map<string, Waiting>()
  let wanting = 0
  return {
    enter(waiter: Waiting): void {
      waiting.set(waiter.row.id, waiter)
      if (waiter.request.onPlace) wanting += 1
    },
    /** Takes one out, if it is there. */
    take(id: string): Waiting | undefined {
      const waiter = waiting.get(id)
      if (waiting.delete(id) && waiter?.request.onPlace) wanting -= 1
      return waiter
    },
    get: (id: string) => waiting.get(id),
    has: (id: string) => waiting.has(id),
    /** Of those of whom the store knows. */
    entered: () => [...waiting.values()].filter(({ entered }) => entered).map(({ row }) => row),
    rows: () => [...waiting.values()].map(({ row }) => row),
    wantPlaces: () => wanting > 0,
  }
}

/** Tells those of this process who want to know it their place in the queue, when it has changed. */
export async function tellPlaces(
  waiting: Pick<ReturnType<typeof createWaiters>, 'get' | 'wantPlaces'>,
  queue: () => Promise<Queue>,
): Promise<void> {
  if (!waiting.wantPlaces()) return
  let place = 0
  for (const { id } of servingOrder(await queue(), Date.now())) {
    place += 1
    const waiter = waiting.get(id)
    if (!waiter || waiter.place === place) continue
    waiter.place = place
    waiter.request.onPlace?.(place)
  }
}

/** Who waits, in the order of the queue, as the queue's view shows it. */
export function toPlaces(queue: Queue, rows: readonly WaiterRow[]): SemaphoreState['waitingCalls'] {
  const known = new Map(rows.map((row) => [row.id, row]))
  const waiting = [...servingOrder(queue, Date.now())].flatMap(({ id }) => known.get(id) ?? [])
  return waiting.map(({ id, organizationId, userId, task, model, weight, queuedAt }, index) => ({
    id,
    organizationId,
    userId,
    task,
    model,
    weight,
    since: new Date(queuedAt),
    place: index + 1,
  }))
}

/** Calls those who watch, and `also` while `wanted`, once per burst of changes, after the burst. */
export function createChanges({ also, wanted }: { also: () => void; wanted: () => boolean }) {
  const watchers = new Set<() => void>()
  let told: NodeJS.Immediate | null = null
  return {
    happened(): void {
      if (watchers.size === 0 && !wanted()) return
      told ??= setImmediate(() => {
        told = null
        for (const onChange of watchers) onChange()
        also()
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
