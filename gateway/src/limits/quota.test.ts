import { setTimeout as sleep } from 'node:timers/promises'
import { createLog } from '@passerelle/platform/log'
import { EngineUnavailable } from '@passerelle/platform/schema'
import { expect, test } from 'vitest'
import { openTownGateway, viewer } from '../testing/open-town-gateway.ts'
import { createRequestQuota, type CountRequests } from './quota.ts'

const log = createLog({ name: 'test', level: 'silent' })

/** Counts as the table does: one step at a time, each with its way there and back. */
function createCounter(limit: number | null) {
  const counter = { used: 0, steps: 0, away: false }
  let last = Promise.resolve()
  const count: CountRequests = (_organizationId, { wanted, done }) => {
    const step = last.then(async () => {
      await sleep(2)
      if (counter.away) throw new EngineUnavailable('tenancy')
      counter.steps++
      counter.used += done
      const left = limit === null ? null : limit - counter.used
      const granted = left === null ? wanted : Math.max(0, Math.min(wanted, left))
      counter.used += granted
      return {
        granted,
        left: left === null ? null : Math.max(0, left - granted),
        limit,
        used: counter.used,
        resetsAt: new Date(Date.now() + 60_000),
      }
    })
    last = step.then(
      () => {},
      () => {},
    )
    return step
  }
  return { counter, count }
}

test('five hundred at once through two gateways get exactly what is left, in few steps', async () => {
  const { counter, count } = createCounter(130)
  const [first, second] = [createRequestQuota({ count, log }), createRequestQuota({ count, log })]
  const tries = Array.from({ length: 500 }, (_, index) => (index % 2 ? first : second).take('org_a', false))
  const results = await Promise.allSettled(tries)
  const refused = results.filter((result) => result.status === 'rejected')
  expect(refused).toHaveLength(370)
  expect(refused[0]?.reason).toMatchObject({ extensions: { code: 'QUOTA_EXCEEDED', limit: 130, used: 130 } })
  expect(counter.used).toBe(130)
  expect(counter.steps).toBeLessThan(50)
  await Promise.all([first.close(), second.close()])
  expect(counter.used).toBe(130)
})

test('where plenty is left nobody waits, and everything is counted in the end', async () => {
  const { counter, count } = createCounter(1_000_000)
  const quota = createRequestQuota({ count, log })
  await quota.take('org_a', false)
  for (let request = 0; request < 1_000; request++) await quota.take('org_a', false)
  expect(counter.used).toBe(1)
  await quota.close()
  expect(counter.used).toBe(1_001)
})

test('without a limit requests are counted all the same', async () => {
  const { counter, count } = createCounter(null)
  const quota = createRequestQuota({ count, log })
  await Promise.all(Array.from({ length: 20 }, () => quota.take('org_a', false)))
  await quota.close()
  expect(counter.used).toBe(20)
})

test('what is spared is counted beyond the limit and never refused', async () => {
  const { counter, count } = createCounter(1)
  const quota = createRequestQuota({ count, log })
  await quota.take('org_a', false)
  await expect(quota.take('org_a', false)).rejects.toMatchObject({ extensions: { code: 'QUOTA_EXCEEDED' } })
  await quota.take('org_a', true)
  await quota.close()
  expect(counter.used).toBe(2)
})

test('while nobody can count, requests are let in, and counted when it can be done again', async () => {
  const { counter, count } = createCounter(100)
  counter.away = true
  const quota = createRequestQuota({ count, log })
  await Promise.all(Array.from({ length: 7 }, () => quota.take('org_a', false)))
  counter.away = false
  await quota.take('org_a', false)
  await quota.close()
  expect(counter.used).toBe(8)
})

test('who is refused in one organisation takes nothing from another', async () => {
  const [one, other] = [createCounter(0), createCounter(5)]
  const quota = createRequestQuota({
    count: (organizationId, amounts) => (organizationId === 'org_a' ? one : other).count(organizationId, amounts),
    log,
  })
  await expect(quota.take('org_a', false)).rejects.toMatchObject({ extensions: { code: 'QUOTA_EXCEEDED' } })
  await quota.take('org_b', false)
  await quota.close()
})

test('a limit that is set holds from the next request on, also where there was none', async () => {
  const [free, limited] = [createCounter(null), createCounter(3)]
  let counter = free
  const quota = createRequestQuota({ count: (organizationId, amounts) => counter.count(organizationId, amounts), log })
  await quota.take('org_a', false)
  await quota.take('org_a', false)
  counter = limited
  quota.forget('org_a')
  const results = await Promise.allSettled(Array.from({ length: 50 }, () => quota.take('org_a', false)))
  // The one that was let in before it was counted counts towards the limit.
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(2)
  await quota.close()
})

test('what a client of the organisation asks is not taken from its quota, and not refused when that is used up', async () => {
  const { counter, count } = createCounter(1)
  const quota = createRequestQuota({ count, log })
  const contractSdls = { client: 'type Query { viewer: User } type User { id: ID! }' }
  const town = await openTownGateway({ contractSdls, entry: { quota: { quota, spares: new Set() } } })
  const linked = { ...viewer, userId: null, sessionId: 'clk_1', clientId: 'cli_1', roles: [] }
  town.tokens.set('client', { viewer: linked, expiresAt: null })
  const ask = async (token: string): Promise<unknown> =>
    (await town.post({ query: '{ viewer { id } }' }, { authorization: `Bearer ${token}` })).json()
  for (let request = 0; request < 3; request++) expect(await ask('client')).toMatchObject({ data: { viewer: {} } })
  expect(counter.used).toBe(0)
  expect(await ask('good')).toMatchObject({ data: { viewer: {} } })
  expect(await ask('good')).toMatchObject({ errors: [{ extensions: { code: 'QUOTA_EXCEEDED' } }] })
  expect(await ask('client')).toMatchObject({ data: { viewer: {} } })
  await town.gateway.drain()
  await quota.close()
  expect(counter.used).toBe(1)
})
