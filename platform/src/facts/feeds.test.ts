import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../ids/ids.ts'
import { createLog } from '../log/log.ts'
import { EngineUnavailable } from '../schema/refusals.ts'
import type { Sql } from '../sql/sql.ts'
import { createTestDatabase, type TestDatabase } from '../sql/testing.ts'
import { openFacts, publish, type Fact, type Facts } from './facts.ts'

let database: TestDatabase
const open: Facts[] = []

beforeAll(async () => {
  database = await createTestDatabase()
})

afterAll(async () => {
  for (const facts of open) await facts.close()
  await database.drop()
})

/** The log over a database whose every unit of work first passes `gate`. */
async function openOver(gate: () => Promise<void>): Promise<Facts> {
  const sql: Sql = {
    ...database.sql,
    async withOrganization(scope, work) {
      await gate()
      return database.sql.withOrganization(scope, work)
    },
  }
  const facts = await openFacts(sql, createLog({ name: 'test', level: 'silent' }))
  open.push(facts)
  return facts
}

function happen(organizationId: string, ...numbers: number[]): Promise<void> {
  return database.sql.withOrganization({ organizationId }, async (tx) => {
    for (const n of numbers) publish(tx, { type: 'thing.happened', payload: { n } })
  })
}

async function take(source: AsyncIterator<Fact>, count: number): Promise<number[]> {
  const taken: number[] = []
  while (taken.length < count) taken.push((await source.next()).value.payload.n as number)
  return taken
}

const filter = { types: ['thing.happened'] }

test('a subscriber that was still catching up when others came and went takes nothing from them', async () => {
  const organizationId = newId('org')
  const held: (() => void)[] = []
  let hold = false
  const facts = await openOver(() => (hold ? new Promise((resolve) => held.push(resolve)) : Promise.resolve()))
  const first = facts.subscribe(organizationId, { ...filter, after: '0' })
  await happen(organizationId, 1)
  expect(await take(first, 1)).toEqual([1])
  hold = true
  const late = facts.subscribe(organizationId, { ...filter, after: '0' })
  await expect.poll(() => held.length).toBeGreaterThan(0)
  hold = false
  await first.return?.()
  const next = facts.subscribe(organizationId, { ...filter, after: '0' })
  expect(await take(next, 1)).toEqual([1])
  for (const release of held) release()
  expect(await take(late, 1)).toEqual([1])
  await happen(organizationId, 2)
  expect(await Promise.all([take(late, 1), take(next, 1)])).toEqual([[2], [2]])
})

test('the log is not read ahead for a subscriber that does not read, and nothing is lost on it', async () => {
  const organizationId = newId('org')
  let units = 0
  const facts = await openOver(() => Promise.resolve(void units++))
  const numbers = Array.from({ length: 6_000 }, (_, index) => index + 1)
  await happen(organizationId, ...numbers.slice(0, 4_000))
  const source = facts.subscribe(organizationId, { ...filter, after: '0' })
  await happen(organizationId, ...numbers.slice(4_000))
  await expect.poll(() => units).toBeGreaterThan(1)
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(units).toBeLessThan(5)
  expect(await take(source, 6_000)).toEqual(numbers)
})

test('a live subscriber that falls behind is given the rest from the log, in order', async () => {
  const organizationId = newId('org')
  const facts = await openOver(() => Promise.resolve())
  const [slow, quick] = [0, 1].map(() => facts.subscribe(organizationId, { ...filter, after: '0' }))
  if (!slow || !quick) throw new Error('Two were opened.')
  await happen(organizationId, 0)
  expect(await Promise.all([take(slow, 1), take(quick, 1)])).toEqual([[0], [0]])
  const numbers = Array.from({ length: 5_000 }, (_, index) => index + 1)
  for (let start = 0; start < numbers.length; start += 250)
    await happen(organizationId, ...numbers.slice(start, start + 250))
  expect(await take(quick, 5_000)).toEqual(numbers)
  expect(await take(slow, 5_000)).toEqual(numbers)
  await happen(organizationId, 5_001)
  expect(await Promise.all([take(slow, 1), take(quick, 1)])).toEqual([[5_001], [5_001]])
})

test('a subscriber outlives an outage of the database and misses nothing of it', async () => {
  const organizationId = newId('org')
  let away = false
  const facts = await openOver(() => (away ? Promise.reject(new EngineUnavailable('sql')) : Promise.resolve()))
  const source = facts.subscribe(organizationId, { ...filter, after: '0' })
  await happen(organizationId, 1)
  expect(await take(source, 1)).toEqual([1])
  away = true
  await happen(organizationId, 2)
  const later = take(source, 1)
  await new Promise((resolve) => setTimeout(resolve, 200))
  away = false
  expect(await later).toEqual([2])
})

test('a cursor from beyond the end of the log is refused instead of waiting for ever', async () => {
  const organizationId = newId('org')
  const facts = await openOver(() => Promise.resolve())
  await happen(organizationId, 1)
  await expect(facts.subscribe(organizationId, { ...filter, after: '2' }).next()).rejects.toMatchObject({
    code: 'INVALID_INPUT',
  })
  expect(() => facts.subscribe(organizationId, { ...filter, after: 'x' })).toThrow('cursor')
  expect(() => facts.subscribe(organizationId, { ...filter, after: '' })).toThrow('cursor')
})

test('a fact whose wake-up was lost is heard all the same', async () => {
  const organizationId = newId('org')
  const sql: Sql = { ...database.sql, listen: () => Promise.resolve(() => {}) }
  const facts = await openFacts(sql, createLog({ name: 'test', level: 'silent' }), { pollMs: 50, holdMs: 1_000 })
  open.push(facts)
  const source = facts.subscribe(organizationId, { ...filter, after: '0' })
  await happen(organizationId, 1)
  expect(await take(source, 1)).toEqual([1])
  await happen(organizationId, 2)
  expect(await take(source, 1)).toEqual([2])
})
