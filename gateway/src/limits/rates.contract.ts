import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { Coordination } from '@passerelle/platform/coordination'
import { openRedisCoordination } from '@passerelle/platform/coordination/redis'
import { findProgram, startRedis } from '@passerelle/platform/coordination/redis/testing'
import { openSqliteCoordination } from '@passerelle/platform/coordination/sqlite'
import { newId } from '@passerelle/platform/ids'
import { createLog } from '@passerelle/platform/log'
import { EngineUnavailable } from '@passerelle/platform/schema'
import { viewer } from '../testing/open-town-gateway.ts'
import { openRates, type RateRules, type Rates, type Who } from './rates.ts'

const log = createLog({ name: 'rates-test', level: 'silent' })
const closing: (() => Promise<unknown>)[] = []
const none: RateRules = {
  windowSeconds: 60,
  organization: null,
  key: null,
  client: null,
  address: null,
  anonymous: null,
}

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** Somebody of a new organisation. */
function somebody(caller?: string): Who {
  return { viewer: { ...viewer, organizationId: newId('org'), sessionId: newId('ses') }, caller }
}

const colleague = ({ viewer: of, caller }: Who): Who => ({ viewer: of && { ...of, sessionId: newId('ses') }, caller })

async function count(rates: readonly Rates[], who: readonly Who[], { times, cost }: { times: number; cost: number }) {
  const asked = Array.from({ length: times }, (_, n) => {
    const asking = who[n % who.length] as Who
    const gateway = rates[n % rates.length] as Rates
    return gateway.take(asking, cost).then(
      () => 'let in',
      (error: { extensions: { code: string; limitedBy: string } }) => error.extensions.limitedBy,
    )
  })
  const answers = await Promise.all(asked)
  return Object.fromEntries([...new Set(answers)].map((answer) => [answer, answers.filter((a) => a === answer).length]))
}

type OpenStore = () => Promise<Coordination>

async function openSqlite(): Promise<OpenStore> {
  const folder = await mkdtemp(join(tmpdir(), 'rates-'))
  closing.push(() => rm(folder, { recursive: true, force: true }))
  return async () => {
    const store = await openSqliteCoordination({ folder, log })
    closing.push(() => store.close())
    return store
  }
}

async function openRedis(): Promise<OpenStore> {
  let url = process.env.REDIS_TEST_URL
  if (!url) {
    const server = await startRedis(findProgram() ?? '')
    closing.push(() => server.stop())
    url = server.url
  }
  const address = url
  return async () => {
    const store = await openRedisCoordination({ url: address, log })
    closing.push(() => store.close())
    return store
  }
}

const hasRedis = Boolean(process.env.REDIS_TEST_URL) || findProgram() !== null
const stores = { SQLite: openSqlite, ...(hasRedis && { Redis: openRedis }) }

describe.each(Object.entries(stores))('two gateways on one %s', (_name, prepare) => {
  async function twoGateways(rules: Partial<RateRules>): Promise<Rates[]> {
    const open = await prepare()
    const both = [await open(), await open()]
    return both.map((coordination) => openRates({ rules: { ...none, ...rules }, coordination, log }))
  }

  test('let in together what a client may spend, by whichever link, and leave the rest to the organisation', async () => {
    const rates = await twoGateways({ key: 1000, client: 20, organization: 1000 })
    const staff = somebody()
    const linked = (): Who => {
      const client = { userId: null, sessionId: newId('clk'), clientId: 'cli_1' }
      return { viewer: staff.viewer && { ...staff.viewer, ...client }, caller: undefined }
    }
    expect(await count(rates, [linked(), linked(), linked()], { times: 30, cost: 1 })).toEqual({
      'let in': 20,
      client: 10,
    })
    expect(await count(rates, [staff], { times: 30, cost: 1 })).toEqual({ 'let in': 30 })
  })

  test('let in together what a session may spend, to the point', async () => {
    const rates = await twoGateways({ key: 100 })
    expect(await count(rates, [somebody()], { times: 400, cost: 1 })).toEqual({ 'let in': 100, session: 300 })
    expect(await count(rates, [somebody()], { times: 60, cost: 7 })).toEqual({ 'let in': 14, session: 46 })
  })

  test('let in together what an organisation may spend, however many sessions it has', async () => {
    const rates = await twoGateways({ organization: 90, key: 1_000 })
    const first = somebody()
    const people = [first, colleague(first), colleague(first)]
    expect(await count(rates, people, { times: 200, cost: 1 })).toEqual({ 'let in': 90, organization: 110 })
    expect(await count(rates, [somebody()], { times: 10, cost: 1 })).toEqual({ 'let in': 10 })
  })

  test('never let in more of a large limit, of which each takes parts beforehand', async () => {
    const rates = await twoGateways({ key: 10_000 })
    const counted = await count(rates, [somebody()], { times: 4_000, cost: 3 })
    expect(counted['let in']).toBeLessThanOrEqual(3_333)
    // What one has taken and not spent is all that the other may miss.
    expect(counted['let in']).toBeGreaterThanOrEqual(3_320)
  })

  test('count addresses by their network', async () => {
    const rates = await twoGateways({ address: 20 })
    const network = `2001:db8:${(Date.now() % 65_536).toString(16)}`
    const hosts = ['1::1', '1::2', '1:0:ffff::3'].map((host) => somebody(`${network}:${host}`))
    expect(await count(rates, hosts, { times: 30, cost: 1 })).toEqual({ 'let in': 20, address: 10 })
    expect(await count(rates, [somebody(`${network}:2::1`)], { times: 5, cost: 1 })).toEqual({ 'let in': 5 })
  })
})

test('says what is left in the tightest of the limits, and when all is back', async () => {
  const open = await openSqlite()
  const rates = openRates({ rules: { ...none, key: 100, organization: 1_000 }, coordination: await open(), log })
  const who = somebody()
  expect(await rates.take(who, 30)).toMatchObject({ requested: 30, limit: 100, remaining: 70 })
  const { resetsAt } = await rates.take(who, 1)
  const seconds = ((resetsAt?.getTime() ?? 0) - Date.now()) / 1000
  expect(seconds).toBeGreaterThan(30)
  expect(seconds).toBeLessThanOrEqual(62)
  await expect(rates.take(who, 70)).rejects.toMatchObject({
    extensions: { code: 'RATE_LIMITED', limitedBy: 'session', cost: { requested: 70, remaining: 69, limit: 100 } },
  })
  expect(await rates.take(who, 69)).toMatchObject({ remaining: 0 })
})

test('refuses whoever has nothing left without asking the store', async () => {
  let asked = 0
  const open = await openSqlite()
  const store = await open()
  const limit: Coordination['limit'] = (...args) => {
    asked++
    return store.limit(...args)
  }
  const rates = openRates({ rules: { ...none, key: 1 }, coordination: { limit }, log })
  const who = somebody()
  await rates.take(who, 1)
  await expect(rates.take(who, 1)).rejects.toMatchObject({ extensions: { retryAfter: expect.any(Number) } })
  const before = asked
  expect(() => rates.check(who)).toThrow('more than may be asked')
  expect(asked).toBe(before)
})

test.each([
  ['says that it is away', () => Promise.reject(new EngineUnavailable('coordination'))],
  ['says nothing', () => new Promise<never>(() => {})],
])('counts by itself while the store %s, and refuses nobody for that', async (_how, limit) => {
  const rates = openRates({ rules: { ...none, key: 50, organization: 1_000_000 }, coordination: { limit }, log })
  const counted = await count([rates], [somebody()], { times: 80, cost: 1 })
  expect(counted['let in']).toBe(50)
  expect(counted.session).toBe(30)
})

test('has no limit where none is set', async () => {
  const rates = openRates({ rules: none, coordination: { limit: () => Promise.reject(new Error('asked')) }, log })
  expect(await rates.take(somebody('203.0.113.7'), 1e9)).toEqual({
    requested: 1e9,
    limit: null,
    remaining: null,
    resetsAt: null,
  })
})
