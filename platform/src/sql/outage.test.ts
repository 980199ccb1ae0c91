import { afterAll, beforeAll, expect, test } from 'vitest'
import { openFacts, publish, type Facts } from '../facts/facts.ts'
import { newId } from '../ids/ids.ts'
import { openJobs, type Jobs, type Queue } from '../jobs/jobs.ts'
import { createLog } from '../log/log.ts'
import { EngineUnavailable } from '../schema/refusals.ts'
import { openCuttableWay, type CuttableWay } from './cut.testing.ts'
import { openSql, type Sql } from './sql.ts'
import { createTestDatabase, type TestDatabase } from './testing.ts'

const count: Queue<{ n: number }> = { name: 'count', retries: 5, concurrency: 2, perOrganization: 2 }
const log = createLog({ name: 'test', level: 'silent' })

let database: TestDatabase
let way: CuttableWay
let sql: Sql
let facts: Facts
let jobs: Jobs

beforeAll(async () => {
  database = await createTestDatabase([], [count])
  way = await openCuttableWay(database.listen)
  sql = openSql(way.connection, { max: 4 })
  facts = await openFacts(sql, log, { pollMs: 500, holdMs: 2_000 })
  jobs = await openJobs({ connection: way.connection, sql, log })
})

afterAll(async () => {
  await jobs.close()
  await facts.close()
  await sql.close()
  await way.cut()
  await database.drop()
})

const organizationId = newId('org')

/** One fact and one job of the same number, in one transaction. */
function happen(on: Sql, n: number): Promise<void> {
  return on.withOrganization({ organizationId }, async (tx) => {
    publish(tx, { type: 'thing.happened', payload: { n } })
    await jobs.enqueue(tx, count, { n })
  })
}

test('after the database was away, pool, subscribers, consumers and jobs go on by themselves, and nothing is lost', async () => {
  const [heard, consumed, worked]: [number[], number[], number[]] = [[], [], []]
  const live = facts.subscribe(organizationId, { types: ['thing.happened'], after: await facts.head(organizationId) })
  void (async () => {
    for await (const { payload } of live) heard.push(Number(payload.n))
  })()
  facts.consume({
    name: 'counting',
    types: ['thing.happened'],
    handle: ({ payload }) => Promise.resolve(void consumed.push(Number(payload.n))),
  })
  await jobs.work(count, ({ data }) => Promise.resolve(void worked.push(data.n)))
  // What the cut overtakes before it is written down is done again: consumers and jobs are told at least once, subscribers exactly once.
  const all = () => [heard, [...new Set(consumed)], [...new Set(worked)]].map((seen) => seen.toSorted((a, b) => a - b))
  await happen(sql, 1)
  await expect.poll(all, { timeout: 60_000 }).toEqual([[1], [1], [1]])
  for (const turn of [2, 4]) {
    await way.cut()
    await expect(sql.health()).rejects.toBeInstanceOf(EngineUnavailable)
    await expect(happen(sql, 0)).rejects.toMatchObject({ engine: 'sql' })
    // Written by another process, whose way is whole.
    await happen(database.sql, turn)
    await way.mend()
    await expect
      .poll(
        () =>
          happen(sql, turn + 1).then(
            () => 'done',
            () => 'away',
          ),
        { timeout: 30_000 },
      )
      .toBe('done')
    const numbers = Array.from({ length: turn + 1 }, (_, index) => index + 1)
    await expect.poll(all, { timeout: 60_000 }).toEqual([numbers, numbers, numbers])
  }
  await live.return?.()
}, 240_000)

test('a server that takes statements and says nothing is away before their time is over, and serves again when it speaks', async () => {
  const long = sql.query<{ done: number }>('select 1 as done from pg_sleep(8)')
  expect(await long).toEqual([{ done: 1 }])
  way.hush(true)
  await expect(happen(sql, 0)).rejects.toMatchObject({ engine: 'sql' })
  way.hush(false)
  await expect.poll(() => sql.query('select 1 as one').catch(() => 'away'), { timeout: 30_000 }).toEqual([{ one: 1 }])
})

test('a statement that the cut overtakes fails as an engine that is away, and the next ones are served', async () => {
  const slow = sql.query('select pg_sleep(20)').catch((error: unknown) => error)
  const running = `select 1 from pg_stat_activity where datname = current_database() and query like 'select pg_sleep%'`
  await expect.poll(() => database.asOwner(running), { timeout: 10_000 }).toHaveLength(1)
  await way.cut()
  expect(await slow).toMatchObject({ engine: 'sql' })
  await way.mend()
  await expect.poll(() => sql.query('select 1 as one').catch(() => 'away')).toEqual([{ one: 1 }])
})
