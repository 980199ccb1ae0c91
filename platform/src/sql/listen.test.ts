import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openListener, type Listener } from './listen.ts'
import { createTestDatabase, type TestDatabase } from './testing.ts'

let database: TestDatabase
let owner: pg.Client
let listener: Listener

beforeAll(async () => {
  database = await createTestDatabase()
  owner = new pg.Client({ ...database.owner, database: 'postgres' })
  await owner.connect()
  listener = openListener(database.listen)
})

afterAll(async () => {
  await listener.close()
  await owner.end()
  await database.drop()
})

async function notify(channel: string, payload: string): Promise<void> {
  const client = new pg.Client(database.owner)
  await client.connect()
  await client.query('select pg_notify($1, $2)', [channel, payload])
  await client.end()
}

async function cutEveryConnection(): Promise<void> {
  await owner.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [
    database.owner.database,
  ])
}

async function setDoor(open: boolean): Promise<void> {
  await owner.query(`alter database ${database.owner.database} allow_connections ${open}`)
}

test('after an outage of several tries each listener is told once that it may have missed something, and hears again', async () => {
  const heard: (string | null)[] = []
  await listener.listen('first', (payload) => heard.push(payload))
  await listener.listen('second', (payload) => heard.push(payload))
  await notify('first', 'before')
  await expect.poll(() => heard).toEqual(['before'])
  await setDoor(false)
  await cutEveryConnection()
  await new Promise((resolve) => setTimeout(resolve, 1_800))
  await setDoor(true)
  await expect.poll(() => heard.length, { timeout: 10_000 }).toBeGreaterThan(1)
  await notify('first', 'after')
  await notify('second', 'too')
  await expect.poll(() => heard.at(-1)).toBe('too')
  expect(heard).toEqual(['before', null, null, 'after', 'too'])
  const { rows } = await owner.query(
    `select count(*)::int as count from pg_stat_activity where datname = $1 and query like 'listen%'`,
    [database.owner.database],
  )
  expect(rows).toEqual([{ count: 1 }])
})
