import { newId } from '../../ids/ids.ts'
import { EngineUnavailable, InvalidInput } from '../../schema/refusals.ts'
import type { Lease, LeaseRequest, Semaphore } from '../coordination.ts'
import { createHeld } from './held.ts'
import type { LeaseStore } from './leases.ts'
import { createChanges, tellPlaces, type Waiting } from './waiting.ts'

export interface SemaphoreOptions {
  store: LeaseStore
  /** MiB. */
  capacity: number
  /** How long a lease lives without a heart-beat, milliseconds. */
  leaseMs: number
  /** How soon what another process did is seen, milliseconds. */
  pollMs: number
}

/**
 * One process's side of a semaphore: turns what the store decides into promises, renews what this process holds and waits for, and tells
 * the watchers. All decisions are the store's, so that any number of processes may do this at once.
 */
export function createSemaphore(options: SemaphoreOptions): Semaphore & { close(): Promise<void> } {
  const { store, capacity, leaseMs, pollMs } = options
  const waiting = new Map<string, Waiting>()
  const held = createHeld(leave)
  // An engine that fails here fails every waiter's own call too; a place is only a courtesy.
  const changes = createChanges(() => void tellPlaces(waiting, () => store.queue(capacity)).catch(() => undefined))

  /** Hands out what the store has granted, to us by anyone. */
  async function settle(): Promise<void> {
    for (const granted of await store.advance(capacity)) {
      const waiter = waiting.get(granted.id)
      waiting.delete(granted.id)
      waiter?.resolve(held.hold(granted))
    }
    changes.happened()
  }

  async function leave(id: string): Promise<void> {
    await store.leave(id)
    await settle()
  }

  function acquire(request: LeaseRequest): Promise<Lease> {
    const { organizationId, task, model, weight, priority, signal } = request
    const row = { id: newId('lea'), organizationId, task, model, weight, priority, queuedAt: Date.now() }
    const { promise, resolve, reject } = Promise.withResolvers<Lease>()
    waiting.set(row.id, { row, request, place: 0, resolve, reject })
    const refuse = (reason: unknown) => {
      if (waiting.delete(row.id)) reject(reason)
    }
    const onAbort = () => {
      refuse(signal?.reason)
      // What cannot be taken out now is not renewed, and lapses.
      if (!held.has(row.id)) leave(row.id).catch(() => undefined)
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    const enqueue = async () => {
      await store.enqueue(row)
      await settle()
      // Aborted while the store was being told, it may have been taken out before it was in.
      if (signal?.aborted) onAbort()
    }
    enqueue().catch(refuse)
    return promise.finally(() => signal?.removeEventListener('abort', onAbort))
  }

  const stopBeating = startBeating({
    everyMs: leaseMs / 4,
    async beat() {
      const [leases, waiters] = [held.ids(), [...waiting.values()]]
      const alive = await store.renew([...leases, ...waiters.map(({ row }) => row.id)])
      held.lose(leases.filter((id) => !alive.has(id)))
      for (const { row } of waiters) if (waiting.has(row.id) && !alive.has(row.id)) await store.enqueue(row)
      await settle()
    },
    tooLate: { afterMs: leaseMs, giveUp: () => held.lose(held.ids()) },
  })

  const poll = setInterval(async () => {
    if (waiting.size === 0 && !changes.watched()) return
    if (await store.changedElsewhere().catch(() => false)) await settle().catch(() => undefined)
  }, pollMs).unref()

  return {
    async acquire(request) {
      requireFitting(request, capacity)
      request.signal?.throwIfAborted()
      return acquire(request)
    },
    watch: changes.watch,
    async state() {
      const [queue, running] = await Promise.all([store.queue(capacity), store.running()])
      const used = running.reduce((sum, lease) => sum + lease.weight, 0)
      return { capacity, used, waiting: queue.waiting.length, running }
    },
    async close() {
      stopBeating()
      clearInterval(poll)
      const ids = [...held.ids(), ...waiting.keys()]
      held.lose(held.ids())
      for (const { reject } of waiting.values()) reject(new EngineUnavailable('coordination'))
      waiting.clear()
      for (const id of ids) await store.leave(id)
    },
  }
}

interface Heartbeat {
  everyMs: number
  beat(): Promise<void>
  /** When no beat has succeeded for so long, nothing that was promised holds any longer. */
  tooLate: { afterMs: number; giveUp(): void }
}

/** Beats until the answer is called. A beat that fails is made up for by the next; the engine's health is told by `health`. */
function startBeating({ everyMs, beat, tooLate }: Heartbeat): () => void {
  let succeededAt = Date.now()
  const timer = setInterval(async () => {
    try {
      await beat()
      succeededAt = Date.now()
    } catch {
      if (Date.now() - succeededAt > tooLate.afterMs) tooLate.giveUp()
    }
  }, everyMs).unref()
  return () => clearInterval(timer)
}

function requireFitting({ weight, organizationId }: LeaseRequest, capacity: number): void {
  if (organizationId === '') throw new InvalidInput('A lease belongs to an organisation.', ['organizationId'])
  if (!Number.isInteger(weight) || weight < 1)
    throw new InvalidInput('A weight is a whole number of MiB, at least 1.', ['weight'])
  if (weight > capacity)
    throw new InvalidInput(`A weight of ${weight} MiB is more than the capacity of ${capacity} MiB.`, ['weight'])
}
