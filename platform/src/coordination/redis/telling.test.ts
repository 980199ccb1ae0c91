import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { createLog } from '../../log/log.ts'
import type { Coordination } from '../coordination.ts'
import { toSemaphoreKeys } from './keys.ts'
import { openRedisCoordination } from './redis.ts'
import { startRedis, type RedisServer } from './server.testing.ts'
import { describeOnRedis } from './suite.cases.ts'

const log = createLog({ name: 'test', level: 'silent' })
const WAIT = 20_000
const CAPACITY = 8
const PREFIX = 'test:'
const request = { organizationId: 'org_a', task: 'ask', model: 'm', weight: CAPACITY, priority: 'interactive' } as const

describeOnRedis('what a process tells Redis', (program) => {
  let server: RedisServer
  let raw: Redis
  const clients: Coordination[] = []
  const open = async (leaseMs = 20_000): Promise<Coordination> => {
    const client = await openRedisCoordination({ url: server.url, log, prefix: PREFIX, leaseMs, settleMs: 0 })
    clients.push(client)
    return client
  }
  beforeAll(async () => {
    server = await startRedis(program)
    raw = new Redis(server.url)
  })
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.close()))
    raw.disconnect()
    await server.stop()
  })

  /** How many calls of a kind the server has answered. */
  async function countOf(command: string): Promise<number> {
    const stats = await raw.info('commandstats')
    return Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(stats)?.[1] ?? 0)
  }

  it('is one call for all that come and go in one moment, and each of them is served', async () => {
    // With such a lease no heart-beat comes in between.
    const semaphore = (await open(3_600_000)).semaphore('many', { capacity: CAPACITY })
    const single = { ...request, weight: 1 }
    await (await semaphore.acquire(single)).release()
    await raw.config('RESETSTAT')
    const leases = await Promise.all(Array.from({ length: CAPACITY }, () => semaphore.acquire(single)))
    // Every step that changes something reads the queue's state by this, once.
    expect(await countOf('hmget')).toBe(1)
    expect(new Set(leases.map(({ fencingToken }) => fencingToken)).size).toBe(CAPACITY)
    const next = Array.from({ length: CAPACITY }, () => semaphore.acquire(single))
    await Promise.all(leases.map((lease) => lease.release()))
    expect(await countOf('hmget')).toBe(2)
    await Promise.all((await Promise.all(next)).map((lease) => lease.release()))
    expect(await semaphore.state()).toMatchObject({ used: 0, waiting: 0 })
  })

  it('is nothing of a call that was withdrawn in the moment in which it came', async () => {
    const semaphore = (await open(3_600_000)).semaphore('withdrawn', { capacity: CAPACITY })
    await (await semaphore.acquire(request)).release()
    await raw.config('RESETSTAT')
    const controller = new AbortController()
    const wait = semaphore.acquire({ ...request, signal: controller.signal })
    controller.abort(new Error('The question was withdrawn.'))
    await expect(wait).rejects.toThrow('The question was withdrawn.')
    expect(await semaphore.state()).toMatchObject({ used: 0, waiting: 0 })
    expect(await countOf('hsetnx')).toBe(0)
  })

  it('is a change only while somebody looks on, in whichever process', async () => {
    const [one, two] = [await open(), await open()]
    const [mine, other] = [one.semaphore('seen', { capacity: CAPACITY }), two.semaphore('seen', { capacity: CAPACITY })]
    await raw.config('RESETSTAT')
    await (await mine.acquire(request)).release()
    expect(await countOf('publish')).toBe(0)
    const seen: number[] = []
    const stop = other.watch(() => void other.state().then(({ used }) => seen.push(used)))
    await vi.waitFor(() => expect(seen).toContain(0), WAIT)
    const lease = await mine.acquire(request)
    await vi.waitFor(() => expect(seen).toContain(CAPACITY), WAIT)
    stop()
    await lease.release()
    expect(await countOf('publish')).toBeGreaterThan(0)
  })

  it('is that it gives up a lease which the queue has for it, and which nobody in it knows', async () => {
    const semaphore = (await open(800)).semaphore('unknown', { capacity: CAPACITY })
    const lease = await semaphore.acquire({ ...request, weight: 1 })
    const [state = '', , leases = ''] = toSemaphoreKeys(PREFIX, 'unknown')
    const row = await raw.hget(leases, lease.id)
    const done = await raw
      .multi()
      .hset(leases, 'lea_unknown', row ?? '')
      .hincrby(state, 'used', 1)
      .exec()
    expect(done).toEqual([
      [null, 1],
      [null, 2],
    ])
    await vi.waitFor(async () => expect(await semaphore.state()).toMatchObject({ used: 1 }), WAIT)
    expect(await raw.hexists(leases, 'lea_unknown')).toBe(0)
    expect(Number(await raw.hget(state, 'used'))).toBe(1)
    expect(lease.lost.aborted).toBe(false)
    await lease.release()
  })

  it('is after it hung that it gives up what it had lost meanwhile, and what was granted to nobody', async () => {
    const semaphore = (await open(1000)).semaphore('hung', { capacity: CAPACITY })
    const lease = await semaphore.acquire({ ...request, weight: 1 })
    server.signal('SIGSTOP')
    await expect(semaphore.acquire({ ...request, weight: 2 })).rejects.toThrow()
    await vi.waitFor(() => expect(lease.lost.aborted).toBe(true), WAIT)
    server.signal('SIGCONT')
    await vi.waitFor(async () => expect(await semaphore.state()).toMatchObject({ used: 0, waiting: 0 }), WAIT)
    await (await semaphore.acquire(request)).release()
    expect(await semaphore.state()).toMatchObject({ used: 0, waiting: 0 })
  })
})
