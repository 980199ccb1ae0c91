import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createLog } from '../../log/log.ts'
import { EngineUnavailable } from '../../schema/refusals.ts'
import type { Coordination } from '../coordination.ts'
import { openRedisCoordination, type RedisCoordinationOptions } from './redis.ts'
import { startRedis, type RedisServer } from './server.testing.ts'
import { describeOnRedis } from './suite.cases.ts'

const log = createLog({ name: 'test', level: 'silent' })
const WAIT = 20_000
const CAPACITY = 8
const request = { organizationId: 'org_a', task: 'ask', model: 'm', weight: CAPACITY, priority: 'interactive' } as const

describeOnRedis('coordination through the outages of Redis', (program) => {
  let server: RedisServer
  let clients: Coordination[]
  const open = async (options: Partial<RedisCoordinationOptions> = {}): Promise<Coordination> => {
    const client = await openRedisCoordination({ url: server.url, log, ...options })
    clients.push(client)
    return client
  }
  beforeEach(async () => {
    server = await startRedis(program)
    clients = []
  })
  afterEach(async () => {
    await Promise.all(clients.map((client) => client.close()))
    await server.stop()
  })

  it('says within a bounded time that Redis is away, whatever is asked, and works again by itself', async () => {
    const coordination = await open({ settleMs: 0 })
    await server.kill()
    await expectAway(coordination)
    await server.restart()
    await vi.waitFor(async () => expect(await coordination.health()).toBeUndefined(), WAIT)
    await coordination.memory.set('org_a', 'key', 'value', 60)
    expect(await coordination.memory.get('org_a', 'key')).toBe('value')
    await (await coordination.semaphore('gpu', { capacity: CAPACITY }).acquire(request)).release()
  })

  it('opens while Redis is away', async () => {
    await server.kill()
    const coordination = await open()
    await expectAway(coordination)
    await server.restart()
    await vi.waitFor(async () => expect(await coordination.health()).toBeUndefined(), WAIT)
  })

  it('does not wait for a Redis that hangs', async () => {
    const coordination = await open()
    server.signal('SIGSTOP')
    await expectAway(coordination)
    server.signal('SIGCONT')
    await vi.waitFor(async () => expect(await coordination.health()).toBeUndefined(), WAIT)
  })

  it('goes on telling who listens after an outage, and who began to listen in it', async () => {
    const coordination = await open({ settleMs: 0 })
    const heard: string[] = []
    let changes = 0
    await coordination.subscribe('news', (message) => void heard.push(message))
    await server.kill()
    coordination.semaphore('gpu', { capacity: CAPACITY }).watch(() => void (changes += 1))
    await server.restart()
    const other = await open({ settleMs: 0 })
    await vi.waitFor(async () => {
      await other.publish('news', 'back')
      expect(heard).toContain('back')
    }, WAIT)
    await vi.waitFor(async () => {
      const before = changes
      await (await other.semaphore('gpu', { capacity: CAPACITY }).acquire(request)).release()
      expect(changes).toBeGreaterThan(before)
    }, WAIT)
  })

  it('keeps doing all that is small when Redis is full', async () => {
    const coordination = await open({ settleMs: 0 })
    await coordination.memory.set('org_a', 'key', 'value', 60)
    const admin = new Redis(server.url)
    await admin.config('SET', 'maxmemory', '1')
    admin.disconnect()
    const append = coordination.memory.append(
      'org_a',
      'turns',
      { value: 'x', size: 1 },
      { maxEntries: 1, maxSize: 1, ttlSeconds: 1 },
    )
    await expect(append).rejects.toBeInstanceOf(EngineUnavailable)
    await expect(coordination.memory.set('org_a', 'key', 'new', 60)).rejects.toBeInstanceOf(EngineUnavailable)
    expect(await coordination.memory.get('org_a', 'key')).toBe('value')
    expect(await coordination.limit('org_a', 'key', { limit: 1, windowSeconds: 60 })).toMatchObject({ allowed: true })
    await (await coordination.semaphore('gpu', { capacity: CAPACITY }).acquire(request)).release()
    await coordination.publish('news', 'full')
    await coordination.health()
  })

  it('refuses a password that is wrong as an engine that is away', async () => {
    const admin = new Redis(server.url)
    await admin.config('SET', 'requirepass', 'secret')
    admin.disconnect()
    const url = server.url.replace('//', '//:wrong@')
    await expect((await open({ url })).health()).rejects.toBeInstanceOf(EngineUnavailable)
    expect(await (await open({ url, password: 'secret' })).health()).toBeUndefined()
  })

  describe.each([
    ['was restarted empty', () => server.restart()],
    [
      'was flushed',
      async () => {
        const admin = new Redis(server.url)
        await admin.flushall()
        admin.disconnect()
      },
    ],
  ])('the queue on a server that %s', (_, lose) => {
    const leaseMs = 1500

    it('knows again who runs before it lets anyone else run', async () => {
      const [holder, waiter] = [await open({ leaseMs }), await open({ leaseMs })]
      const lease = await holder.semaphore('gpu', { capacity: CAPACITY }).acquire(request)
      const waiting = waiter.semaphore('gpu', { capacity: CAPACITY }).acquire({ ...request, organizationId: 'org_b' })
      const other = waiter.semaphore('gpu', { capacity: CAPACITY })
      await vi.waitFor(async () => expect((await other.state()).waiting).toBe(1), WAIT)
      await lose()
      const late = (await open({ leaseMs })).semaphore('gpu', { capacity: CAPACITY })
      await vi.waitFor(() => late.state(), WAIT)
      const newcomer = late.acquire({ ...request, organizationId: 'org_c' })
      const early: string[] = []
      for (const wait of [waiting, newcomer]) void wait.then(({ id }) => early.push(id))
      await vi.waitFor(async () => expect(await late.state()).toMatchObject({ used: CAPACITY, waiting: 2 }), WAIT)
      expect((await late.state()).running).toMatchObject([{ id: lease.id, organizationId: 'org_a' }])
      await sleep(2 * leaseMs)
      expect(lease.lost.aborted).toBe(false)
      expect(early).toEqual([])
      await lease.release()
      const next = await waiting
      expect(next.fencingToken).toBeGreaterThan(lease.fencingToken)
      await next.release()
      const last = await newcomer
      expect(last.fencingToken).toBeGreaterThan(next.fencingToken)
      await last.release()
    })

    it('gives the room of those who did not come back to the next', async () => {
      const [holder, waiter] = [await open({ leaseMs }), await open({ leaseMs })]
      const lease = await holder.semaphore('gpu', { capacity: CAPACITY }).acquire(request)
      await lose()
      await holder.close()
      // A server that takes its time to start is away until then.
      const semaphore = waiter.semaphore('gpu', { capacity: CAPACITY })
      const next = await vi.waitFor(() => semaphore.acquire(request), WAIT)
      expect(next.fencingToken).toBeGreaterThan(lease.fencingToken)
      await next.release()
    })
  })

  it('declares a lease lost when Redis stays away for longer than it lasts, and refuses who waits', async () => {
    const semaphore = (await open({ leaseMs: 1000 })).semaphore('gpu', { capacity: CAPACITY })
    const lease = await semaphore.acquire(request)
    const waiting = semaphore.acquire(request).catch((error: unknown) => error)
    await server.kill()
    expect(await waiting).toBeInstanceOf(EngineUnavailable)
    await vi.waitFor(() => expect(lease.lost.aborted).toBe(true), WAIT)
  })
})

async function expectAway({ memory, limit, publish, subscribe, semaphore, health }: Coordination): Promise<void> {
  const bounds = { maxEntries: 1, maxSize: 1, ttlSeconds: 1 }
  const calls = [
    () => health(),
    () => memory.get('org_a', 'key'),
    () => memory.set('org_a', 'key', 'value', 1),
    () => memory.remove('org_a', 'key'),
    () => memory.append('org_a', 'list', { value: 'x', size: 1 }, bounds),
    () => memory.list('org_a', 'list'),
    () => limit('org_a', 'key', { limit: 1, windowSeconds: 1 }),
    () => publish('news', 'x'),
    () => subscribe('news', () => undefined),
    () => semaphore('gpu', { capacity: CAPACITY }).acquire(request),
    () => semaphore('gpu', { capacity: CAPACITY }).state(),
    () => semaphore('gpu', { capacity: CAPACITY }).cancel('lea_x', 'org_a'),
  ]
  for (const call of calls) await expect(call()).rejects.toBeInstanceOf(EngineUnavailable)
}
