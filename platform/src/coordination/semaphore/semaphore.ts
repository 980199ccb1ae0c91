import { newId } from '../../ids/ids.ts'
import { EngineUnavailable, InvalidInput } from '../../schema/refusals.ts'
import type { Lease, LeaseRequest, Semaphore } from '../coordination.ts'
import type { LeaseStore, WaiterRow } from './leases.ts'
import { servingOrder } from './turns.ts'

export interface SemaphoreOptions {
  store: LeaseStore
  /** MiB. */
  capacity: number
  /** How long a lease lives without a heart-beat, milliseconds. */
  leaseMs: number
  /** How soon what another process did is seen, milliseconds. */
  pollMs: number
}

interface Pending {
  row: WaiterRow
  request: LeaseRequest
  place: number
  resolve: (lease: Lease) => void
  reject: (reason: unknown) => void
}

/**
 * One process's side of a semaphore: turns what the store decides into promises, renews what this process holds and waits for, and tells
 * the watchers. All decisions are the store's, so that any number of processes may do this at once.
 */
export function createSemaphore({
  store,
  capacity,
  leaseMs,
  pollMs,
}: SemaphoreOptions): Semaphore & { close(): Promise<void> } {
  const pending = new Map<string, Pending>()
  const held = new Map<string, AbortController>()
  const changes = createChanges(tellPlaces)
  let renewedAt = Date.now()
  let closed = false

  async function settle(): Promise<void> {
    for (const { id, token } of await store.advance(capacity)) {
      const waiter = pending.get(id)
      if (!waiter) continue
      pending.delete(id)
      const lost = new AbortController()
      held.set(id, lost)
      waiter.resolve({ id, fencingToken: token, lost: lost.signal, release: () => release(id) })
    }
    changes.happened()
  }

  async function release(id: string): Promise<void> {
    if (!held.delete(id)) return
    await store.leave(id)
    await settle()
  }

  async function cancel(id: string, reason: unknown): Promise<void> {
    const waiter = pending.get(id)
    if (!waiter) return
    pending.delete(id)
    waiter.reject(reason)
    await store.leave(id)
    await settle()
  }

  async function acquire(request: LeaseRequest): Promise<Lease> {
    requireFitting(request, capacity)
    request.signal?.throwIfAborted()
    if (closed) throw new EngineUnavailable('coordination')
    const { organizationId, task, model, weight, priority } = request
    const row = { id: newId('lea'), organizationId, task, model, weight, priority, queuedAt: Date.now() }
    const { promise, resolve, reject } = Promise.withResolvers<Lease>()
    // Cancelled while the store is still being told, it is rejected before anyone waits for it.
    promise.catch(() => undefined)
    pending.set(row.id, { row, request, place: 0, resolve, reject })
    const onAbort = () => void cancel(row.id, request.signal?.reason).catch(reject)
    request.signal?.addEventListener('abort', onAbort, { once: true })
    try {
      await store.enqueue(row)
      await settle()
      // The signal may have found no row to take out yet.
      if (request.signal?.aborted && !held.has(row.id)) {
        await store.leave(row.id)
        await settle()
      }
      return await promise
    } catch (error) {
      pending.delete(row.id)
      throw error
    } finally {
      request.signal?.removeEventListener('abort', onAbort)
    }
  }

  /** Renews what is ours. A lease that is gone, or that could not be renewed in time, is lost; a waiter that is gone queues again with its age. */
  async function beat(): Promise<void> {
    try {
      const alive = await store.renew([...held.keys(), ...pending.keys()])
      renewedAt = Date.now()
      for (const id of [...held.keys()].filter((mine) => !alive.has(mine))) lose(id)
      for (const { row } of [...pending.values()].filter((waiter) => !alive.has(waiter.row.id)))
        await store.enqueue(row)
      await settle()
    } catch {
      // The store is away; health() says so. What it cannot promise any longer is given up here.
      if (Date.now() - renewedAt > leaseMs) for (const id of held.keys()) lose(id)
    }
  }

  function lose(id: string): void {
    held.get(id)?.abort(new EngineUnavailable('coordination'))
    held.delete(id)
  }

  async function tellPlaces(): Promise<void> {
    if (![...pending.values()].some((waiter) => waiter.request.onPlace)) return
    let place = 0
    for (const { id } of servingOrder(await store.queue(capacity), Date.now())) {
      place += 1
      const waiter = pending.get(id)
      if (!waiter || waiter.place === place) continue
      waiter.place = place
      waiter.request.onPlace?.(place)
    }
  }

  async function poll(): Promise<void> {
    if (pending.size === 0 && changes.unwatched()) return
    if (await store.changedElsewhere().catch(() => false)) await settle().catch(() => undefined)
  }

  const timers = [setInterval(() => void beat(), leaseMs / 4), setInterval(() => void poll(), pollMs)]
  timers.forEach((timer) => timer.unref())

  return {
    acquire,
    watch: changes.watch,
    async state() {
      const [queue, running] = await Promise.all([store.queue(capacity), store.running()])
      return {
        capacity,
        used: running.reduce((sum, lease) => sum + lease.weight, 0),
        waiting: queue.waiting.length,
        running,
      }
    },
    async close() {
      closed = true
      timers.forEach((timer) => clearInterval(timer))
      const ids = [...held.keys(), ...pending.keys()]
      for (const id of held.keys()) lose(id)
      for (const waiter of pending.values()) waiter.reject(new EngineUnavailable('coordination'))
      pending.clear()
      for (const id of ids) await store.leave(id)
    },
  }
}

function requireFitting({ weight, organizationId }: LeaseRequest, capacity: number): void {
  if (organizationId === '') throw new InvalidInput('A lease belongs to an organisation.', ['organizationId'])
  if (!Number.isInteger(weight) || weight < 1)
    throw new InvalidInput('A weight is a whole number of MiB, at least 1.', ['weight'])
  if (weight > capacity)
    throw new InvalidInput(`A weight of ${weight} MiB is more than the capacity of ${capacity} MiB.`, ['weight'])
}

/** Tells the watchers and the waiters' places once per burst of changes, after the burst. */
function createChanges(tellPlaces: () => Promise<void>) {
  const watchers = new Set<() => void>()
  let told: NodeJS.Immediate | null = null
  return {
    happened(): void {
      told ??= setImmediate(() => {
        told = null
        for (const onChange of watchers) onChange()
        // An engine that fails here fails every waiter's own call too; a place is only a courtesy.
        tellPlaces().catch(() => undefined)
      })
    },
    watch(onChange: () => void): () => void {
      const watcher = () => onChange()
      watchers.add(watcher)
      return () => void watchers.delete(watcher)
    },
    unwatched: () => watchers.size === 0,
  }
}
