import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createLog } from '../../log/log.ts'
import type { Coordination } from '../coordination.ts'
import { openRedisCoordination } from './redis.ts'
import { startRedis, type RedisServer } from './server.testing.ts'
import { TRUTH } from './stress.truth.testing.ts'
import type { WorkerOptions } from './stress.worker.testing.ts'
import { describeOnRedis } from './suite.cases.ts'

const CAPACITY = 12
/** Long enough for a process that a busy machine keeps waiting. */
const LEASE_MS = 4000
const WAIT = 60_000
const TIMEOUT = 180_000
const whole = { organizationId: 'org_0', task: 'hold', model: 'm', weight: CAPACITY, priority: 'interactive' } as const

describeOnRedis('the queue of several processes', (program) => {
  let server: RedisServer
  let truthServer: RedisServer
  let truth: Redis
  let own: Coordination
  let workers: Set<ChildProcess>
  const semaphore = () => own.semaphore('gpu', { capacity: CAPACITY })
  const state = () => semaphore().state()

  beforeEach(async () => {
    server = await startRedis(program)
    truthServer = await startRedis(program)
    truth = new Redis(truthServer.url)
    workers = new Set()
    own = await openRedisCoordination({
      url: server.url,
      log: createLog({ name: 'test', level: 'silent' }),
      leaseMs: LEASE_MS,
    })
  })
  afterEach(async () => {
    for (const worker of workers) worker.kill('SIGKILL')
    await own.close()
    truth.disconnect()
    await Promise.all([server.stop(), truthServer.stop()])
  })

  async function start(options: Partial<WorkerOptions>): Promise<ChildProcess> {
    const worker = fork(new URL('./stress.worker.testing.ts', import.meta.url), [
      JSON.stringify({
        url: server.url,
        truthUrl: truthServer.url,
        capacity: CAPACITY,
        leaseMs: LEASE_MS,
        organizations: ['org_a'],
        priority: 'any',
        calls: 6,
        again: true,
        longestMs: 60,
        ...options,
      } satisfies WorkerOptions),
    ])
    workers.add(worker)
    worker.once('exit', () => workers.delete(worker))
    await once(worker, 'message')
    return worker
  }

  /** What it used is free once it is dead: its lease is given to nobody before that. */
  async function kill(worker: ChildProcess): Promise<void> {
    const gone = once(worker, 'exit')
    worker.kill('SIGKILL')
    await gone
    await truth.hdel(TRUTH.used, `${worker.pid}`)
  }

  async function served(): Promise<{ organization: string; priority: string; token: number }[]> {
    return (await truth.lrange(TRUTH.order, 0, -1)).map((label) => {
      const [organization = '', priority = '', token] = label.split(' ')
      return { organization, priority, token: Number(token) }
    })
  }

  it(
    'never exceeds the capacity and loses no lease while processes are killed, and Redis too',
    { timeout: TIMEOUT },
    async () => {
      const organizations = ['org_a', 'org_b', 'org_c', 'org_d']
      const alive = [await start({ organizations }), await start({ organizations }), await start({ organizations })]
      for (let round = 0; round < 6; round++) {
        const count = (await served()).length
        await vi.waitFor(async () => expect((await served()).length).toBeGreaterThan(count + 20), WAIT)
        const victim = alive.splice(Math.floor(Math.random() * alive.length), 1)[0]!
        await kill(victim)
        alive.push(await start({ organizations }))
        if (round === 2) await server.restart()
      }
      const count = (await served()).length
      await vi.waitFor(async () => expect((await served()).length).toBeGreaterThan(count + 50), WAIT)
      for (const worker of alive) worker.send('stop')
      await vi.waitFor(() => expect(workers.size).toBe(0), WAIT)
      await vi.waitFor(async () => expect(await state()).toMatchObject({ used: 0, waiting: 0 }), WAIT)

      expect(await truth.lrange(TRUTH.exceeded, 0, -1)).toEqual([])
      expect(await truth.lrange(TRUTH.lost, 0, -1)).toEqual([])
      expect(Number(await truth.get(TRUTH.peak))).toBeGreaterThan(CAPACITY / 2)
      const tokens = (await served()).map(({ token }) => token)
      expect(new Set(tokens).size).toBe(tokens.length)
    },
  )

  it(
    'takes turns between organisations, first come first, whatever is killed beside them',
    { timeout: TIMEOUT },
    async () => {
      const blocker = await semaphore().acquire(whole)
      const calls = { org_a: 40, org_b: 12, org_c: 20 }
      const batch = { priority: 'batch', again: false, longestMs: 4 } as const
      for (const [organization, count] of Object.entries(calls))
        await start({ ...batch, organizations: [organization], calls: count })
      const noise = [await start({ priority: 'batch', organizations: ['org_d'], longestMs: 4 })]
      await vi.waitFor(async () => expect((await state()).waiting).toBe(72 + 6), WAIT)
      await blocker.release()
      for (const enough of [9, 24]) {
        await vi.waitFor(async () => expect((await served()).length).toBeGreaterThan(enough), WAIT)
        await kill(noise.pop()!)
        noise.push(await start({ priority: 'batch', organizations: ['org_d'], longestMs: 4 }))
      }
      const theirs = async () => (await served()).filter(({ organization }) => organization !== 'org_d')
      await vi.waitFor(async () => expect(await theirs()).toHaveLength(72), WAIT)

      const order = (await theirs()).map(({ organization }) => organization)
      for (let turn = 0; turn < 12; turn++)
        expect(order.slice(turn * 3, turn * 3 + 3).toSorted()).toEqual(['org_a', 'org_b', 'org_c'])
      for (let turn = 0; turn < 8; turn++)
        expect(order.slice(36 + turn * 2, 38 + turn * 2).toSorted()).toEqual(['org_a', 'org_c'])
      const tokens = (await served()).map(({ token }) => token)
      expect(tokens).toEqual(tokens.toSorted((left, right) => left - right))
      expect(await truth.lrange(TRUTH.exceeded, 0, -1)).toEqual([])
    },
  )

  it(
    'lets an interactive call wait for one running lease at most, behind a hundred batch jobs',
    { timeout: TIMEOUT },
    async () => {
      const blocker = await semaphore().acquire(whole)
      for (const organization of ['org_a', 'org_b'])
        await start({ priority: 'batch', again: false, organizations: [organization], calls: 50, longestMs: 40 })
      await vi.waitFor(async () => expect((await state()).waiting).toBe(100), WAIT)
      await blocker.release()
      for (let asked = 0; asked < 5; asked++) {
        await vi.waitFor(async () => expect((await served()).length).toBeGreaterThan(asked * 10), WAIT)
        const waiting = semaphore().acquire({ ...whole, organizationId: asked % 2 === 0 ? 'org_a' : 'org_b' })
        await state()
        const known = (Date.now() + 1) * 1000
        const lease = await waiting
        // A token is at least the microseconds of the server's clock, which is ours: nobody was let in before this once it was known.
        const before = (await served()).filter(({ token }) => token > known && token < lease.fencingToken)
        expect(before).toEqual([])
        await sleep(2)
        await lease.release()
      }
      await vi.waitFor(async () => expect(await served()).toHaveLength(100), WAIT)
      expect(await truth.lrange(TRUTH.exceeded, 0, -1)).toEqual([])
    },
  )
})
