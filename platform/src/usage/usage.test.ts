import { afterAll, beforeAll, expect, test } from 'vitest'
import { openFacts } from '../facts/facts.ts'
import { newId } from '../ids/ids.ts'
import { createLog } from '../log/log.ts'
import { QuotaExceeded } from '../schema/refusals.ts'
import { rowsOf } from '../sql/sql.ts'
import { createTestDatabase, type TestDatabase } from '../sql/testing.ts'
import { monthEnd, readCounters, readDays, type Limited } from './usage.store.ts'
import { holdUse, requireRoom, settleUse, takeUse } from './usage.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase([])
})
afterAll(() => database.drop())

function within<T>(organizationId: string, work: Parameters<typeof database.sql.withOrganization<T>>[1]): Promise<T> {
  return database.sql.withOrganization({ organizationId }, work)
}

async function organizationWith(limits: Partial<Record<Limited, number>>): Promise<string> {
  const organizationId = newId('org')
  await within(organizationId, async (tx) => {
    for (const [metric, plan] of Object.entries(limits))
      await rowsOf(tx, 'insert into platform.usage_limit (organization_id, metric, plan) values ($1, $2, $3)', [
        organizationId,
        metric,
        plan,
      ])
  })
  return organizationId
}

const usedOf = (organizationId: string) => within(organizationId, readCounters)

test('five hundred that take at once get exactly what the limit allows', async () => {
  const organizationId = await organizationWith({ requests: 120 })
  const tries = Array.from({ length: 500 }, () => within(organizationId, async (tx) => takeUse(tx, { requests: 1 })))
  const results = await Promise.allSettled(tries)
  const refused = results.filter((result) => result.status === 'rejected')
  expect(refused).toHaveLength(380)
  for (const { reason } of refused) expect(reason).toMatchObject({ code: 'QUOTA_EXCEEDED', limit: 120, used: 120 })
  expect((await usedOf(organizationId)).get('requests')).toEqual({ used: 120, held: 0 })
})

test('what is refused leaves nothing of its transaction, and the next month is told as the end of it', async () => {
  const organizationId = await organizationWith({ pages: 10 })
  const refused = await within(organizationId, async (tx) => {
    takeUse(tx, { pages: 4, tokens: 7 })
    takeUse(tx, { pages: 7 })
  }).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(QuotaExceeded)
  expect(refused).toMatchObject({ limit: 10, used: 0, resetsAt: monthEnd(new Date()) })
  expect(await usedOf(organizationId)).toEqual(new Map())
})

test('work is promised what it may come to, and counted as what it was', async () => {
  const organizationId = await organizationWith({ tokens: 100 })
  await within(organizationId, (tx) => holdUse(tx, 'job_a', { tokens: 60, gpuMs: 5_000 }))
  await expect(within(organizationId, (tx) => holdUse(tx, 'job_b', { tokens: 60 }))).rejects.toThrow(QuotaExceeded)
  await within(organizationId, (tx) => settleUse(tx, 'job_a', { tokens: 30, gpuMs: 1_500 }))
  await within(organizationId, (tx) => holdUse(tx, 'job_b', { tokens: 60 }))
  await within(organizationId, (tx) => settleUse(tx, 'job_b', { tokens: 75 }))
  expect(await usedOf(organizationId)).toEqual(
    new Map([
      ['tokens', { used: 105, held: 0 }],
      ['gpuMs', { used: 1_500, held: 0 }],
    ]),
  )
  await expect(within(organizationId, (tx) => holdUse(tx, 'job_c', { tokens: 1 }))).rejects.toThrow(QuotaExceeded)
})

test('what was promised to work whose process died comes back when its hour is over', async () => {
  const organizationId = await organizationWith({ tokens: 100 })
  await within(organizationId, (tx) => holdUse(tx, 'job_dead', { tokens: 90 }))
  await expect(within(organizationId, async (tx) => takeUse(tx, { tokens: 50 }))).rejects.toMatchObject({ used: 90 })
  await within(organizationId, (tx) =>
    rowsOf(tx, `update platform.usage_hold set expires_at = now() - interval '1 second'`, []),
  )
  await within(organizationId, async (tx) => takeUse(tx, { tokens: 50 }))
  expect((await usedOf(organizationId)).get('tokens')).toEqual({ used: 50, held: 0 })
})

test('of those that make something at once, no more stay than there is room for', async () => {
  const organizationId = await organizationWith({ documents: 5 })
  const levels = [
    { metric: 'documents' as const, sql: `select count(*) as amount from platform.usage_day where metric = 'paper'` },
  ]
  const make = (day: number) =>
    within(organizationId, async (tx) => {
      await rowsOf(
        tx,
        `insert into platform.usage_day (organization_id, metric, day) values ($1, 'paper', date '2020-01-01' + $2::integer)`,
        [organizationId, day],
      )
      requireRoom(tx, levels, { documents: 1 })
    })
  const results = await Promise.allSettled(Array.from({ length: 30 }, (_, day) => make(day)))
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(5)
})

test('the organisation is told once that most of a limit is used, and once that all of it is', async () => {
  const organizationId = await organizationWith({ pages: 10 })
  const facts = await openFacts(database.sql, createLog({ name: 'test', level: 'silent' }))
  const told = facts.subscribe(organizationId, { after: '0', types: ['usage.reached'] })
  for (let page = 0; page < 10; page++) await within(organizationId, async (tx) => takeUse(tx, { pages: 1 }))
  expect((await told.next()).value).toMatchObject({ payload: { metric: 'pages', percent: 80 } })
  expect((await told.next()).value).toMatchObject({ payload: { metric: 'pages', percent: 100 } })
  expect(await facts.head(organizationId)).toBe('2')
  await told.return?.()
  await facts.close()
})

test('days are counted beside the month, and an organisation sees its own only', async () => {
  const [organizationId, other] = [await organizationWith({}), await organizationWith({})]
  await within(organizationId, async (tx) => takeUse(tx, { pages: 3 }))
  await within(organizationId, async (tx) => takeUse(tx, { pages: 4 }))
  const all = { from: '2020-01-01', to: '2999-12-31' }
  expect(await within(organizationId, (tx) => readDays(tx, all))).toMatchObject([{ metric: 'pages', used: 7 }])
  expect(await within(other, (tx) => readDays(tx, all))).toEqual([])
  expect(await usedOf(other)).toEqual(new Map())
})

test.each([
  ['2026-11-20T12:00:00Z', '2026-11-30T23:00:00.000Z'],
  ['2026-06-30T21:59:00Z', '2026-06-30T22:00:00.000Z'],
  ['2026-06-30T22:01:00Z', '2026-07-31T22:00:00.000Z'],
  ['2026-12-31T22:59:00Z', '2026-12-31T23:00:00.000Z'],
])('the month that holds %s ends in Paris', (now, end) => {
  expect(monthEnd(new Date(now)).toISOString()).toBe(end)
})
