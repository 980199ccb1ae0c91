import { createLog } from '@passerelle/platform/log'
import { expect, test } from 'vitest'
import { viewer } from '../testing/open-town-gateway.ts'
import { openRates, type Who } from './rates.ts'

const log = createLog({ name: 'rates-test', level: 'silent' })
const rules = { windowSeconds: 60, organization: 1_000, key: 500, client: null, address: 100, anonymous: null }

/** A store that gives nothing back, and says what it was asked. */
function createStore() {
  const spent = new Map<string, number>()
  return {
    spent,
    async limit(organizationId: string, name: string, { limit, cost = 1 }: { limit: number; cost?: number }) {
      const used = spent.get(`${organizationId} ${name}`) ?? 0
      const allowed = used + cost <= limit
      if (allowed) spent.set(`${organizationId} ${name}`, used + cost)
      return {
        allowed,
        remaining: limit - used - (allowed ? cost : 0),
        resetsAt: new Date(Date.now() + 45_000),
      }
    },
  }
}

const limitedBy = (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    () => 'let in',
    (error: { extensions: { limitedBy: string } }) => error.extensions.limitedBy,
  )

test('what is refused for want of one limit is not taken from the others, so that nobody elsewhere misses it', async () => {
  const coordination = createStore()
  const rates = openRates({ rules, coordination, log })
  const stranger: Who = { viewer: { ...viewer, organizationId: 'org_2' }, caller: '203.0.113.1' }
  await rates.take(stranger, 90)
  const here: Who = { viewer, caller: '203.0.113.1' }
  for (let tries = 0; tries < 100; tries++) expect(await limitedBy(rates.take(here, 30))).toBe('address')
  expect(await limitedBy(rates.take({ viewer, caller: '203.0.113.2' }, 30))).toBe('let in')
})

test('who has nothing left is told when all is back, whether the store is asked for it or not', async () => {
  const rates = openRates({ rules, coordination: createStore(), log })
  const who: Who = { viewer, caller: '203.0.113.1' }
  await rates.take(who, 100)
  const refused = async (work: () => unknown) => {
    try {
      await work()
      return 'let in'
    } catch (error) {
      return error
    }
  }
  const expected = {
    extensions: { code: 'RATE_LIMITED', limitedBy: 'address', retryAfter: 45, cost: { limit: 100, remaining: 0 } },
  }
  expect(await refused(() => rates.take(who, 1))).toMatchObject(expected)
  expect(await refused(() => rates.take(who, 1))).toMatchObject(expected)
})
