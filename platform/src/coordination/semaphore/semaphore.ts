import { newId } from '../../ids/ids.ts'
import { EngineUnavailable, InvalidInput } from '../../schema/refusals.ts'
import { CallCancelled } from '../cancelled.ts'
import type { Lease, LeaseRequest, Semaphore } from '../coordination.ts'
import { startBeating } from './heart.ts'
import { createHeld } from './held.ts'
import type { Call, GrantedLease, LeaseStore, WaiterRow } from './leases.ts'
import { createListening } from './listening.ts'
import { createChanges, createWaiters, tellPlaces, toPlaces } from './waiting.ts'

export interface SemaphoreOptions {
  store: LeaseStore
  /** MiB. */
  capacity: number
  /** How long a lease lives without a heart-beat, milliseconds. */
  leaseMs: number
}

/**
 * One process's side of a semaphore: turns what the store decides into promises, renews what this process holds and waits for, and tells
 * the watchers. All decisions are the store's, so that any number of processes may do this at once.
 */
export function createSemaphore(options: SemaphoreOptions): Semaphore & { close(): Promise<void> } {
  const { store, capacity, leaseMs } = options
  // Random bytes for each call would cost more than all the rest that is done for it here.
  const family = newId('lea')
  let born = 0
  const waiting = createWaiters()
  const held = createHeld(leave)
  const leaving = new Map<string, Call>()
  const changes = createChanges({
    // An engine that fails here fails every waiter's own call too; a place is only a courtesy.
    also: () => void tellPlaces(waiting, () => store.queue(capacity)).catch(() => undefined),
    wanted: waiting.wantPlaces,
  })
  const listening = createListening({
    store,
    onChange: changes.happened,
    needed: () => changes.watched() || waiting.wantPlaces(),
  })

  /** Hands out what the store has granted, to us by anyone, and gives up what has been cancelled. */
  function settle(leases: readonly GrantedLease[]): void {
    for (const { id, token } of leases) {
      const waiter = waiting.take(id)
      if (token !== null) waiter?.resolve(held.hold(token, waiter.row))
      else if (waiter) {
        waiter.reject(new CallCancelled())
        void leave(waiter.row)
      } else held.cancel(id)
    }
    changes.happened()
  }

  /** Takes a waiter or lease out of the store; when the store cannot be told now, with the next beat. */
  async function leave(call: Call): Promise<void> {
    leaving.set(call.id, call)
    try {
      const leases = await store.leave(call, capacity)
      leaving.delete(call.id)
      settle(leases)
    } catch {
      changes.happened()
    }
  }

  function acquire(request: LeaseRequest): Promise<Lease> {
    const { organizationId, userId = null, task, model, weight, priority, signal } = request
    const row = {
      id: `${family}_${(born += 1)}`,
      organizationId,
      userId,
      task,
      model,
      weight,
      priority,
      queuedAt: Date.now(),
    }
    const { promise, resolve, reject } = Promise.withResolvers<Lease>()
    waiting.enter({ row, request, place: 0, entered: false, resolve, reject })
    const refuse = (reason: unknown) => waiting.take(row.id)?.reject(reason)
    const onAbort = () => {
      refuse(signal?.reason)
      if (!held.has(row.id)) void leave(row)
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    const onEntered = (leases: readonly GrantedLease[]) => {
      settle(leases)
      const waiter = waiting.get(row.id)
      if (waiter) {
        waiter.entered = true
        listening.look()
      }
      // Aborted while the store was being told, it may have been taken out before it was in.
      if (signal?.aborted) onAbort()
    }
    const onFailure = (error: unknown) => {
      refuse(error)
      // The store may have heard it all the same.
      leaving.set(row.id, row)
    }
    store.enqueue(row, capacity).then(onEntered).catch(onFailure)
    return signal ? promise.finally(() => signal.removeEventListener('abort', onAbort)) : promise
  }

  /** Of whom the store knows nothing any more. Withdrawn meanwhile, it may have been taken out before it was in. */
  async function enterAgain(row: WaiterRow): Promise<void> {
    settle(await store.enqueue(row, capacity))
    if (!waiting.has(row.id) && !held.has(row.id)) await leave(row)
  }

  async function beat(): Promise<void> {
    await Promise.all([...leaving.values()].map(leave))
    const [leases, waiters] = [held.rows(), waiting.entered()]
    const alive = await store.renew([...leases, ...waiters.map((row) => ({ ...row, token: null }))], capacity)
    held.lose(leases.map(({ id }) => id).filter((id) => !alive.has(id)))
    const gone = waiters.filter(({ id }) => waiting.has(id) && !alive.has(id))
    await Promise.all(gone.map(enterAgain))
    const own = await store.advance(capacity)
    settle(own)
    // A lease that nobody here knows, whatever was lost, must not live for as long as the process does.
    const unknown = own.filter(({ id, token }) => token !== null && !held.has(id) && !leaving.has(id))
    await Promise.all(unknown.map(({ id }) => leave({ id })))
  }

  function refuseWaiters(reason: unknown): void {
    for (const row of waiting.rows()) {
      waiting.take(row.id)?.reject(reason)
      leaving.set(row.id, row)
    }
  }

  /** What was lost is over here; the store, which may know it still, hears so with the next beat. */
  function loseAll(): void {
    for (const row of held.rows()) leaving.set(row.id, row)
    held.lose(held.ids())
  }

  const stopBeating = startBeating({
    everyMs: leaseMs / 4,
    beat,
    holdsMs: leaseMs,
    onLapse: loseAll,
    onAway: refuseWaiters,
  })
  const stopHearing = store.hear(settle)

  return {
    async acquire(request) {
      requireFitting(request, capacity)
      request.signal?.throwIfAborted()
      return acquire(request)
    },
    watch(onChange) {
      const stop = changes.watch(onChange)
      listening.look()
      return stop
    },
    async state() {
      const [queue, running, rows] = await Promise.all([store.queue(capacity), store.running(), store.waiting()])
      const used = running.reduce((sum, lease) => sum + lease.weight, 0)
      const waitingCalls = toPlaces(queue, rows)
      return { capacity, used, waiting: waitingCalls.length, running, waitingCalls }
    },
    async cancel(id, organizationId) {
      const cancelled = await store.cancel(id, organizationId)
      if (cancelled) settle(await store.advance(capacity))
      return cancelled
    },
    async close() {
      stopBeating()
      stopHearing()
      listening.close()
      loseAll()
      refuseWaiters(new EngineUnavailable('coordination'))
      await Promise.all([...leaving.values()].map((call) => store.leave(call, capacity)))
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
