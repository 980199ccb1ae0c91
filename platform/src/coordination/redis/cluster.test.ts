import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { createLog } from '../../log/log.ts'
import { EngineUnavailable } from '../../schema/refusals.ts'
import { toOrganizationKey, toSemaphoreKeys } from './keys.ts'
import { openRedisCoordination } from './redis.ts'
import { startRedisCluster, type RedisCluster } from './server.testing.ts'
import { describeOnRedis } from './suite.cases.ts'

const log = createLog({ name: 'test', level: 'silent' })
const WAIT = 30_000

/** The part of a key that decides its slot. */
const tagOf = (key: string): string | undefined => /\{([^}]+)\}/.exec(key)?.[1]

it('spells every key so that an organisation, or a semaphore, is on one slot, and none is on another’s', () => {
  const organizations = ['org_a', 'org_b', 'a}{b', 'a}', '{', '%7b', 'a:b']
  const keys = organizations.map((organization) => toOrganizationKey('p:', organization, '{x}:y'))
  expect(new Set(keys.map(tagOf)).size).toBe(organizations.length)
  expect(tagOf(toOrganizationKey('p:', 'org_a', '{x}'))).toBe(tagOf(toOrganizationKey('p:limit:', 'org_a', 'y')))
  expect(new Set(toSemaphoreKeys('p:', 'a}{b').map(tagOf)).size).toBe(1)
  expect(toOrganizationKey('p:', 'org_a', 'session:usr_b:c')).toBe('p:{org_a}:session:usr_b:c')
})

describeOnRedis('coordination on a cluster that loses a server', (program, cli) => {
  let cluster: RedisCluster
  beforeAll(async () => {
    cluster = await startRedisCluster(program, cli)
  })
  afterAll(() => cluster.stop())

  it('says so for what is on it, and goes on by itself when it is back, on all of them', async () => {
    const coordination = await openRedisCoordination({ url: cluster.url, log, settleMs: 0 })
    const heard = new Set<string>()
    await coordination.subscribe('news', (message) => void heard.add(message))
    const organizations = Array.from({ length: 12 }, (_, index) => `org_${index}`)
    const setAll = () =>
      Promise.allSettled(
        organizations.map((organization) => coordination.memory.set(organization, 'key', 'value', 600)),
      )
    for (const node of cluster.nodes) {
      expect((await setAll()).map(({ status }) => status)).not.toContain('rejected')
      node.signal('SIGSTOP')
      const reasons = (await setAll()).flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
      expect(reasons.length).toBeGreaterThan(0)
      for (const reason of reasons) expect(reason).toBeInstanceOf(EngineUnavailable)
      node.signal('SIGCONT')
      await vi.waitFor(async () => expect((await setAll()).map(({ status }) => status)).not.toContain('rejected'), WAIT)
      await vi.waitFor(async () => {
        await coordination.publish('news', `${node.port}`)
        expect(heard).toContain(`${node.port}`)
      }, WAIT)
      const semaphores = organizations.map((name) => coordination.semaphore(name, { capacity: 1 }))
      const request = { organizationId: 'org_a', task: 't', model: 'm', weight: 1, priority: 'batch' } as const
      await vi.waitFor(async () => {
        for (const semaphore of semaphores) await (await semaphore.acquire(request)).release()
      }, WAIT)
    }
    await coordination.close()
  })
})
