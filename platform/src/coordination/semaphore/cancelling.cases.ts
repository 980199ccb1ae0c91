import { expect, it, vi } from 'vitest'
import { CallCancelled, type Semaphore } from '../coordination.ts'
import { ask, CAPACITY, type OpenClient } from './requests.testing.ts'

/** Who waits at which place, and how a call is ended from anywhere. */
export function describeCancelling(openClient: OpenClient): void {
  it('shows who runs, and who waits in the order of service, with their places, to every client', async () => {
    const [one, two] = [await openClient(), await openClient()]
    const before = Date.now()
    const running = await one.acquire(ask({ userId: 'usr_a' }))
    const batch = one.acquire(ask({ priority: 'batch', task: 'embed chunks', weight: 30 }))
    await waits(two, 1)
    const asked = two.acquire(ask({ organizationId: 'org_b', userId: 'usr_b' }))
    await waits(two, 2)
    for (const semaphore of [one, two]) {
      const { waitingCalls, running: runs } = await semaphore.state()
      expect(runs).toEqual([expect.objectContaining({ id: running.id, organizationId: 'org_a', userId: 'usr_a' })])
      expect(waitingCalls).toEqual([
        {
          id: expect.any(String),
          organizationId: 'org_b',
          userId: 'usr_b',
          task: 'ask',
          model: 'mistral',
          weight: CAPACITY,
          since: expect.any(Date),
          place: 1,
        },
        expect.objectContaining({ organizationId: 'org_a', userId: null, task: 'embed chunks', weight: 30, place: 2 }),
      ])
      expect(waitingCalls[0]!.since.getTime()).toBeGreaterThanOrEqual(before)
    }
    await running.release()
    await (await asked).release()
    await (await batch).release()
    expect((await two.state()).waitingCalls).toEqual([])
  })

  it('cancels a call that waits in another client, and serves the next', async () => {
    const [one, two] = [await openClient(), await openClient()]
    const running = await one.acquire(ask({}))
    const cancelled = one.acquire(ask({ task: 'x' })).catch((error: unknown) => error)
    await waits(two, 1)
    const next = one.acquire(ask({ task: 'y' }))
    await waits(two, 2)
    const { waitingCalls } = await two.state()
    expect(await two.cancel(waitingCalls[0]!.id, 'org_a')).toBe(true)
    expect(await cancelled).toBeInstanceOf(CallCancelled)
    expect((await one.state()).waitingCalls).toMatchObject([{ task: 'y', place: 1 }])
    await running.release()
    await (await next).release()
    expect(await two.state()).toMatchObject({ used: 0, waiting: 0 })
  })

  it('tells a call that runs in another client to stop, which keeps its room until it has', async () => {
    const [one, two] = [await openClient(), await openClient()]
    const running = await one.acquire(ask({}))
    const next = two.acquire(ask({}))
    await waits(one, 1)
    expect(await two.cancel(running.id, 'org_a')).toBe(true)
    await vi.waitFor(() => expect(running.lost.aborted).toBe(true), 5000)
    expect(running.lost.reason).toBeInstanceOf(CallCancelled)
    expect(await two.state()).toMatchObject({ used: CAPACITY, waiting: 1 })
    await running.release()
    await (await next).release()
    expect(await one.state()).toMatchObject({ used: 0, waiting: 0 })
  })

  it('cancels nothing of another organisation, and nothing that has ended', async () => {
    const semaphore = await openClient()
    const running = await semaphore.acquire(ask({}))
    expect(await semaphore.cancel(running.id, 'org_b')).toBe(false)
    expect(await semaphore.cancel('lea_unknown', 'org_a')).toBe(false)
    expect(running.lost.aborted).toBe(false)
    await running.release()
    expect(await semaphore.cancel(running.id, 'org_a')).toBe(false)
  })

  it('keeps a cancelled waiter out for as long as its client has not heard of it, through its heart-beats', async () => {
    const [one, two] = [await openClient(), await openClient(200)]
    const running = await one.acquire(ask({}))
    const refused = two.acquire(ask({})).catch((error: unknown) => error)
    await waits(one, 1)
    const id = (await one.state()).waitingCalls[0]!.id
    const until = Date.now() + 120
    const cancelling = one.cancel(id, 'org_a')
    while (Date.now() < until) Math.sqrt(until)
    expect(await cancelling).toBe(true)
    expect(await refused).toBeInstanceOf(CallCancelled)
    await running.release()
    expect(await one.state()).toMatchObject({ used: 0, waiting: 0, waitingCalls: [] })
  })
}

const waits = (semaphore: Semaphore, count: number) =>
  vi.waitFor(async () => expect((await semaphore.state()).waiting).toBe(count), 5000)
