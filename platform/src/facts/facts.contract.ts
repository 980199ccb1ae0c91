import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../ids/ids.ts'
import { createLog } from '../log/log.ts'
import { EngineUnavailable } from '../schema/refusals.ts'
import { createTestDatabase, type TestDatabase } from '../sql/testing.ts'
import { openFacts, publish, type Fact, type Facts } from './facts.ts'

let database: TestDatabase
let facts: Facts

beforeAll(async () => {
  database = await createTestDatabase()
  facts = await openFacts(database.sql, createLog({ name: 'test', level: 'silent' }))
})

afterAll(async () => {
  await facts.close()
  await database.drop()
})

function happen(organizationId: string, n: number): Promise<void> {
  return database.sql.withOrganization(
    { organizationId },
    async (tx) => void publish(tx, { type: 'thing.happened', payload: { n } }),
  )
}

async function take(source: AsyncIterator<Fact>, count: number): Promise<number[]> {
  const taken: number[] = []
  while (taken.length < count) taken.push((await source.next()).value.payload.n as number)
  return taken
}

test('a subscriber hears facts live, in order, and only those of its organisation', async () => {
  const [mine, other] = [newId('org'), newId('org')]
  const source = facts.subscribe(mine, { types: ['thing.happened'], after: '0' })
  await happen(other, 100)
  for (const n of [1, 2, 3]) await happen(mine, n)
  expect(await take(source, 3)).toEqual([1, 2, 3])
  await source.return?.()
})

test('a subscriber that continues after a cursor misses nothing, while thirty transactions commit at once', async () => {
  const organizationId = newId('org')
  await happen(organizationId, 0)
  const first = facts.subscribe(organizationId, { types: ['thing.happened'], after: '0' })
  const { value: seen } = await first.next()
  await first.return?.()
  const writes = Promise.all(Array.from({ length: 30 }, (_, index) => happen(organizationId, index + 1)))
  const again = facts.subscribe(organizationId, { types: ['thing.happened'], after: seen.position })
  const heard = await take(again, 30)
  await writes
  expect(heard.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1))
  await again.return?.()
})

test('a fact of a rolled-back transaction was never there', async () => {
  const organizationId = newId('org')
  await expect(
    database.sql.withOrganization({ organizationId }, async (tx) => {
      publish(tx, { type: 'thing.happened', payload: { n: 1 } })
      throw new Error('changed my mind')
    }),
  ).rejects.toThrow('changed my mind')
  expect(await facts.head(organizationId)).toBe('0')
})

test('the plain role can neither change nor remove a fact', async () => {
  const organizationId = newId('org')
  await happen(organizationId, 1)
  const { CompiledQuery } = await import('kysely')
  for (const statement of ['update platform.fact set type = $1', 'delete from platform.fact where type <> $1']) {
    await expect(
      database.sql.withOrganization({ organizationId }, (tx) => tx.executeQuery(CompiledQuery.raw(statement, ['x']))),
    ).rejects.toThrow('permission denied')
  }
})

test('ending a subscription ends its waiting reader at once', async () => {
  const source = facts.subscribe(newId('org'), { types: ['thing.happened'] })
  const waiting = source.next()
  await source.return?.()
  expect(await waiting).toEqual({ value: undefined, done: true })
})

test('a consumer handles every fact in order, waits for an engine that is away, and tells when it has caught up', async () => {
  const organizationId = newId('org')
  const handled: number[] = []
  let away = true
  facts.consume({
    name: 'test.engine',
    types: ['thing.happened'],
    handle: (fact) => {
      if (fact.organizationId !== organizationId) return Promise.resolve()
      if (away) return Promise.reject(new EngineUnavailable('test'))
      handled.push(fact.payload.n as number)
      return Promise.resolve()
    },
  })
  await happen(organizationId, 1)
  const position = await facts.head(organizationId)
  expect(await facts.reached('test.engine', { organizationId, position }, { timeoutMs: 200 })).toBe(false)
  away = false
  await happen(organizationId, 2)
  expect(
    await facts.reached(
      'test.engine',
      { organizationId, position: await facts.head(organizationId) },
      { timeoutMs: 10_000 },
    ),
  ).toBe(true)
  expect(handled).toEqual([1, 2])
})

test('a fact that a consumer cannot digest is set aside and does not hold up the next', async () => {
  const organizationId = newId('org')
  const handled: number[] = []
  facts.consume({
    name: 'test.picky',
    types: ['thing.happened'],
    handle: (fact) => {
      if (fact.organizationId !== organizationId) return Promise.resolve()
      if (fact.payload.n === 1) return Promise.reject(new Error('indigestible'))
      handled.push(fact.payload.n as number)
      return Promise.resolve()
    },
  })
  await happen(organizationId, 1)
  await happen(organizationId, 2)
  expect(
    await facts.reached(
      'test.picky',
      { organizationId, position: await facts.head(organizationId) },
      { timeoutMs: 60_000 },
    ),
  ).toBe(true)
  expect(handled).toEqual([2])
})
