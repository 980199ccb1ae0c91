import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../ids/ids.ts'
import { createLog } from '../log/log.ts'
import { createTestDatabase, type TestDatabase } from '../sql/testing.ts'
import { carryJobs, unfinishedJobs } from './carry.ts'
import { reclaimJobs } from './install.ts'
import { openJobs, type Jobs, type Queue } from './jobs.ts'

const greet: Queue<{ name: string }> = { name: 'greet', retries: 1, concurrency: 4, perOrganization: 2 }
const take: Queue<{ name: string }> = { name: 'take', retries: 1, concurrency: 4, perOrganization: 4 }
const left: Queue<{ name: string }> = { name: 'left', retries: 1, concurrency: 1, perOrganization: 1 }
const idle: Queue<{ name: string }> = { name: 'idle', retries: 1, concurrency: 1, perOrganization: 1 }
const counted: Queue<{ name: string }> = { name: 'counted', retries: 1, concurrency: 1, perOrganization: 1 }
const asked: Queue<{ name: string }> = { name: 'asked', retries: 1, concurrency: 4, perOrganization: 4 }
const forgotten: Queue<{ name: string }> = {
  name: 'forgotten',
  retries: 0,
  concurrency: 1,
  perOrganization: 1,
  forgets: true,
}
const carried: Queue<{ name: string }> = { name: 'carried', retries: 1, concurrency: 1, perOrganization: 1 }
const fail: Queue<{ name: string }> = { name: 'fail', retries: 1, concurrency: 1, perOrganization: 1 }

let database: TestDatabase
let jobs: Jobs
const log = createLog({ name: 'test', level: 'silent' })

beforeAll(async () => {
  database = await createTestDatabase([], [greet, fail, take, left, idle, counted, asked, forgotten, carried])
  jobs = await openJobs({ connection: database.app, sql: database.sql, log })
})

afterAll(async () => {
  await jobs.close()
  await database.drop()
})

function until(done: () => boolean): Promise<void> {
  return expect.poll(done, { timeout: 30_000, interval: 20 }).toBe(true)
}

test('a job runs after its transaction committed, with the organisation it was enqueued in, and never for one that rolled back', async () => {
  const organizationId = newId('org')
  const seen: string[] = []
  await jobs.work(greet, (job) => Promise.resolve(void seen.push(`${job.organizationId}:${job.data.name}`)))
  await database.sql
    .withOrganization({ organizationId }, async (tx) => {
      await jobs.enqueue(tx, greet, { name: 'never' })
      throw new Error('no')
    })
    .catch(() => {})
  await database.sql.withOrganization({ organizationId }, (tx) => jobs.enqueue(tx, greet, { name: 'Ada' }))
  await until(() => seen.length > 0)
  expect(seen).toEqual([`${organizationId}:Ada`])
})

test('what a job of people was given is gone when it is done, and when it is given up', async () => {
  const organizationId = newId('org')
  await jobs.work(forgotten, async ({ data: { name } }) => {
    if (name === 'Zoé') throw new Error('no')
  })
  await database.sql.withOrganization({ organizationId }, async (tx) => {
    for (const name of ['Ada', 'Zoé']) await jobs.enqueue(tx, forgotten, { name })
  })
  const rows = () =>
    database.asOwner<{ state: string; data: object }>(`select state, data from jobs.job where name = 'forgotten'`)
  await expect.poll(rows, { timeout: 30_000, interval: 20 }).toEqual([{ state: 'failed', data: { organizationId } }])
  expect(await jobs.unfinished(forgotten, { organizationId })).toBe(0)
})

test('what was to be done later is to be done then where it is carried to', async () => {
  const organizationId = newId('org')
  const notBefore = new Date(Date.now() + 86_400_000)
  await database.sql.withOrganization({ organizationId }, async (tx) => {
    await jobs.enqueue(tx, carried, { name: 'now' }, { key: 'now' })
    await jobs.enqueue(tx, carried, { name: 'later' }, { key: 'later', notBefore })
  })
  const all = await database.asOwner<{ job: { queue: string } }>(unfinishedJobs.replace('from', 'as job from'))
  const ours = all.map(({ job }) => job).filter(({ queue }) => queue === carried.name)
  await database.asOwner(`delete from jobs.job where name = 'carried'`)
  const client = new pg.Client(database.owner)
  await client.connect()
  expect(await carryJobs(database.owner, client, ours)).toBe(2)
  await client.end()
  const rows = await database.asOwner<{ name: string; later: boolean; at: Date }>(
    `select data -> 'data' ->> 'name' as name, start_after > now() as later, start_after as at from jobs.job where name = 'carried' order by 1`,
  )
  expect(rows.map(({ name, later }) => [name, later])).toEqual([
    ['later', true],
    ['now', false],
  ])
  expect(rows[0]?.at.getTime()).toBe(notBefore.getTime())
})

test('jobs of one key run one after the other, others meanwhile', async () => {
  const organizationId = newId('org')
  const spans: { name: string; start: number; end: number }[] = []
  await jobs.work(take, async ({ data: { name } }) => {
    const start = performance.now()
    await new Promise((resolve) => setTimeout(resolve, 150))
    spans.push({ name, start, end: performance.now() })
  })
  await database.sql.withOrganization({ organizationId }, async (tx) => {
    for (const name of ['same', 'same', 'same', 'other']) await jobs.enqueue(tx, take, { name }, { key: name })
  })
  await until(() => spans.length === 4)
  const same = spans.filter(({ name }) => name === 'same').toSorted((a, b) => a.start - b.start)
  expect(same).toHaveLength(3)
  expect(same.every(({ start }, index) => index === 0 || start >= (same[index - 1]?.end ?? 0))).toBe(true)
})

test('a job that keeps failing is tried again, then given up', async () => {
  let tries = 0
  await jobs.work(fail, () => {
    tries++
    return Promise.reject(new Error('still no'))
  })
  await database.sql.withOrganization({ organizationId: newId('org') }, (tx) => jobs.enqueue(tx, fail, { name: 'Bob' }))
  const states = () => database.asOwner('select state from jobs.job where name = $1', [fail.name])
  await expect.poll(states, { timeout: 30_000 }).toEqual([{ state: 'failed' }])
  expect(tries).toBe(2)
})

/** A job as a process leaves it that was killed while it was at it, some time ago. */
async function leaveBehind(queue: Queue<{ name: string }>, name: string): Promise<void> {
  await database.sql.withOrganization({ organizationId: newId('org') }, (tx) => jobs.enqueue(tx, queue, { name }))
  await database.asOwner(
    `update jobs.job set state = 'active', started_on = now(), heartbeat_on = now() - interval '1 minute' where name = $1`,
    [queue.name],
  )
}

test('what a killed process held is taken up by another within half a minute', async () => {
  await leaveBehind(left, 'Eve')
  const seen: string[] = []
  await jobs.work(left, ({ data: { name } }) => Promise.resolve(void seen.push(name)))
  await until(() => seen.length > 0)
  expect(seen).toEqual(['Eve'])
})

test('what a killed process held is given back at once where it was the only one', async () => {
  await leaveBehind(idle, 'Zoé')
  await reclaimJobs(database.owner)
  expect(await database.asOwner('select state from jobs.job where name = $1', [idle.name])).toEqual([
    { state: 'retry' },
  ])
})

test('the jobs of each queue are counted by their state', async () => {
  await database.sql.withOrganization({ organizationId: newId('org') }, async (tx) => {
    for (const name of ['Ida', 'Ugo']) await jobs.enqueue(tx, counted, { name })
  })
  await database.asOwner(
    `update jobs.job set state = 'failed' where id = (select id from jobs.job where name = $1 limit 1)`,
    [counted.name],
  )
  expect(await jobs.unfinished(counted, {})).toBe(1)
  const counts = await jobs.counts()
  expect(counts).toContainEqual({ queue: counted.name, pending: 1, active: 0, failed: 1 })
  expect(counts.map(({ queue }) => queue).sort()).toEqual(
    [greet, fail, take, left, idle, counted, asked, forgotten, carried].map(({ name }) => name).sort(),
  )
})

test('the jobs that are still to be done are counted by what they are about', async () => {
  const [organizationId, other] = [newId('org'), newId('org')]
  for (const scope of [organizationId, other])
    await database.sql.withOrganization({ organizationId: scope }, async (tx) => {
      for (const name of ['Éva', 'Léo']) await jobs.enqueue(tx, asked, { name })
    })
  const count = (name?: string) => jobs.unfinished(asked, { organizationId, ...(name && { data: { name } }) })
  expect([await count(), await count('Éva'), await count('Max')]).toEqual([2, 1, 0])
  expect(await jobs.unfinished(asked, { data: { name: 'Léo' } })).toBe(2)
  await jobs.work(asked, () => Promise.resolve())
  await expect.poll(() => jobs.unfinished(asked, {}), { timeout: 30_000 }).toBe(0)
})

test('a job may take hours', async () => {
  const [row] = await database.asOwner<{ expire_seconds: number }>(
    'select expire_seconds from jobs.queue where name = $1',
    [greet.name],
  )
  expect(row?.expire_seconds).toBeGreaterThan(6 * 3_600)
})
