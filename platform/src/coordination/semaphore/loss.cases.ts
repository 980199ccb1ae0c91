import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it, vi } from 'vitest'
import { EngineUnavailable } from '../../schema/refusals.ts'
import type { Coordination, Lease } from '../coordination.ts'
import { ask, CAPACITY, type OpenClient } from './requests.testing.ts'

/** What becomes of leases whose holder stalls, closes or goes on living. */
export function describeLoss(openClient: OpenClient, clients: () => Coordination[]): void {
  it('keeps a lease for as long as its holder lives', async () => {
    const [one, two] = [await openClient(400), await openClient(400)]
    const lease = await one.acquire(ask({}))
    const waiting = two.acquire(ask({}))
    await sleep(1200)
    expect(lease.lost.aborted).toBe(false)
    expect(await two.state()).toMatchObject({ used: CAPACITY, waiting: 1 })
    await lease.release()
    await (await waiting).release()
  })

  it('tells a holder that stalled past its time that its lease is lost, and gives the room to the next', async () => {
    const [slow, quick] = [await openClient(3_600_000), await openClient(200)]
    const late = await quick.acquire(ask({}))
    const next = slow.acquire(ask({ organizationId: 'org_b' }))
    await vi.waitFor(async () => expect((await slow.state()).waiting).toBe(1), 5000)
    const until = Date.now() + 300
    while (Date.now() < until) Math.sqrt(until)
    // The first to look after the stall decides; the stalled holder cannot take it back.
    const passer = slow.acquire(ask({ organizationId: 'org_c' }))
    const taken: Lease = await next
    expect(taken.fencingToken).toBeGreaterThan(late.fencingToken)
    await vi.waitFor(() => expect(late.lost.aborted).toBe(true), 5000)
    await late.release()
    expect(await slow.state()).toMatchObject({ used: CAPACITY, waiting: 1 })
    await taken.release()
    await (await passer).release()
  })

  it('gives back what its first calls took, though the first heart-beats come in between', async () => {
    const hour = 3_600_000
    for (let round = 0; round < 10; round++) {
      const semaphore = await openClient(hour)
      await (await semaphore.acquire(ask({}))).release()
      expect(await semaphore.state()).toMatchObject({ used: 0, waiting: 0, running: [] })
    }
  })

  it('gives everything back when a client closes, and refuses its waiters', async () => {
    const [one, two] = [await openClient(), await openClient()]
    const lease = await one.acquire(ask({}))
    const refused = one.acquire(ask({})).catch((error: unknown) => error)
    const next = two.acquire(ask({ organizationId: 'org_b' }))
    await vi.waitFor(async () => expect((await two.state()).waiting).toBe(2), 5000)
    await clients()[0]!.close()
    clients().shift()
    expect(await refused).toBeInstanceOf(EngineUnavailable)
    expect(lease.lost.aborted).toBe(true)
    await (await next).release()
  })
}
