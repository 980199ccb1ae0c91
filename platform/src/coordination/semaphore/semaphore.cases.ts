import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { InvalidInput } from '../../schema/refusals.ts'
import type { Coordination, LeaseRequest, Semaphore } from '../coordination.ts'
import type { CoordinationStore } from '../coordination.cases.ts'
import { describeCancelling } from './cancelling.cases.ts'
import { describeLoss } from './loss.cases.ts'
import { ask, CAPACITY, type OpenClient } from './requests.testing.ts'

/** What the semaphore of every adapter does; part of the contract of the coordination port. */
export function describeSemaphore(name: string, prepare: () => Promise<CoordinationStore>): void {
  describe(`the semaphore on ${name}`, () => {
    let store: CoordinationStore
    let clients: Coordination[]

    const openClient = async (leaseMs?: number): Promise<Semaphore> => {
      const client = await store.open(leaseMs === undefined ? {} : { leaseMs })
      clients.push(client)
      return client.semaphore('gpu', { capacity: CAPACITY })
    }
    beforeEach(async () => {
      store = await prepare()
      clients = []
    })
    afterEach(async () => {
      await Promise.all(clients.map((client) => client.close()))
      await store.destroy()
    })

    describeTurns(openClient)
    describeWaiting(openClient)
    describeCancelling(openClient)
    describeLoss(openClient, () => clients)

    it('never exceeds the capacity under many that come at once, and serves them all', async () => {
      const semaphores = [await openClient(), await openClient()]
      let used = 0
      let peak = 0
      const tokens: number[] = []
      const work = async (index: number) => {
        const organizationId = `org_${index % 7}`
        const priority = index % 3 === 0 ? 'interactive' : 'batch'
        const weight = 1 + ((index * 37) % CAPACITY)
        const lease = await semaphores[index % 2]!.acquire({
          organizationId,
          priority,
          weight,
          task: 'stress',
          model: 'm',
        })
        used += weight
        peak = Math.max(peak, used)
        tokens.push(lease.fencingToken)
        await sleep(index % 4)
        used -= weight
        await lease.release()
      }
      await Promise.all(Array.from({ length: 300 }, (_, index) => work(index)))
      expect(peak).toBeLessThanOrEqual(CAPACITY)
      expect(new Set(tokens).size).toBe(300)
      expect(await semaphores[0]!.state()).toMatchObject({ used: 0, waiting: 0, running: [] })
    })
  })
}

/** Starts the requests one after the other and answers the order in which they were served, one at a time. */
async function serve(semaphore: Semaphore, requests: Record<string, Partial<LeaseRequest>>): Promise<string[]> {
  const blocker = await semaphore.acquire(ask({ organizationId: 'org_blocker' }))
  const served: string[] = []
  const waits: Promise<void>[] = []
  for (const [label, request] of Object.entries(requests)) {
    const wait = async () => {
      const lease = await semaphore.acquire(ask(request))
      served.push(label)
      await lease.release()
    }
    waits.push(wait())
    await vi.waitFor(async () => expect((await semaphore.state()).waiting).toBe(waits.length), 5000)
  }
  await blocker.release()
  await Promise.all(waits)
  return served
}

function describeTurns(openClient: OpenClient): void {
  it('serves interactive before batch, and takes turns between organisations', async () => {
    const semaphore = await openClient()
    const served = await serve(semaphore, {
      a1: { priority: 'batch' },
      a2: {},
      a3: {},
      a4: {},
      b1: { organizationId: 'org_b' },
    })
    expect(served).toEqual(['a2', 'b1', 'a3', 'a4', 'a1'])
  })

  it('shares one capacity between all clients, and wakes a waiter of another client', async () => {
    const [one, two] = [await openClient(), await openClient()]
    const first = await one.acquire(ask({ weight: 60 }))
    const second = two.acquire(ask({ weight: 60 }))
    await vi.waitFor(async () => expect((await one.state()).waiting).toBe(1), 5000)
    await first.release()
    expect((await second).fencingToken).toBeGreaterThan(first.fencingToken)
    expect(await one.state()).toMatchObject({
      capacity: CAPACITY,
      used: 60,
      waiting: 0,
      running: [{ task: 'ask', model: 'mistral', weight: 60 }],
    })
  })

  it('lets several run together as long as they fit', async () => {
    const semaphore = await openClient()
    const leases = await Promise.all([30, 30, 40].map((weight) => semaphore.acquire(ask({ weight }))))
    expect(await semaphore.state()).toMatchObject({ used: CAPACITY, waiting: 0 })
    expect(leases.map((lease) => lease.fencingToken)).toEqual(
      leases.map((lease) => lease.fencingToken).toSorted((left, right) => left - right),
    )
  })

  it('gives the room back once, however often a lease is released', async () => {
    const semaphore = await openClient()
    const [first] = [await semaphore.acquire(ask({ weight: 50 })), await semaphore.acquire(ask({ weight: 50 }))]
    await Promise.all([first.release(), first.release()])
    await first.release()
    expect(await semaphore.state()).toMatchObject({ used: 50 })
  })

  it('refuses a weight that can never fit, or is none', async () => {
    const semaphore = await openClient()
    for (const weight of [CAPACITY + 1, 0, -5, 1.5, Number.NaN])
      await expect(semaphore.acquire(ask({ weight }))).rejects.toBeInstanceOf(InvalidInput)
    expect(await semaphore.state()).toMatchObject({ used: 0, waiting: 0 })
  })
}

function describeWaiting(openClient: OpenClient): void {
  it('cancels a wait by its signal, and serves the next', async () => {
    const semaphore = await openClient()
    const running = await semaphore.acquire(ask({}))
    const controller = new AbortController()
    const cancelled = semaphore.acquire(ask({ signal: controller.signal }))
    const next = semaphore.acquire(ask({ organizationId: 'org_b' }))
    await vi.waitFor(async () => expect((await semaphore.state()).waiting).toBe(2), 5000)
    controller.abort(new Error('The question was withdrawn.'))
    await expect(cancelled).rejects.toThrow('The question was withdrawn.')
    await vi.waitFor(async () => expect((await semaphore.state()).waiting).toBe(1), 5000)
    await running.release()
    await (await next).release()
    expect(await semaphore.state()).toMatchObject({ used: 0, waiting: 0 })
  })

  it('keeps nothing of a request that was cancelled before or just as it came', async () => {
    const semaphore = await openClient()
    await expect(semaphore.acquire(ask({ signal: AbortSignal.abort() }))).rejects.toThrow(/abort/)
    const controller = new AbortController()
    const wait = semaphore.acquire(ask({ signal: controller.signal })).then(
      (lease) => lease.release(),
      () => undefined,
    )
    controller.abort()
    await wait
    await vi.waitFor(async () => expect(await semaphore.state()).toMatchObject({ used: 0, waiting: 0 }), 5000)
  })

  it('tells a waiter its place whenever it changes', async () => {
    const semaphore = await openClient()
    const running = await semaphore.acquire(ask({}))
    const first = semaphore.acquire(ask({}))
    const places: number[] = []
    const second = semaphore.acquire(ask({ onPlace: (place) => void places.push(place) }))
    await vi.waitFor(() => expect(places).toEqual([2]), 5000)
    await running.release()
    await vi.waitFor(() => expect(places).toEqual([2, 1]), 5000)
    await (await first).release()
    await (await second).release()
  })

  it('calls the watchers after every change, of other clients too, until they leave', async () => {
    const [one, two] = [await openClient(), await openClient()]
    let calls = 0
    const leave = one.watch(() => void (calls += 1))
    const lease = await two.acquire(ask({}))
    await vi.waitFor(() => expect(calls).toBeGreaterThan(0), 5000)
    leave()
    const before = calls
    await lease.release()
    await (await one.acquire(ask({}))).release()
    expect(calls).toBe(before)
  })
}
