import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../ids/ids.ts'
import { openSql, rowsOf, type Sql } from './sql.ts'
import { createTestDatabase, type TestDatabase } from './testing.ts'

let database: TestDatabase
let sql: Sql

beforeAll(async () => {
  database = await createTestDatabase()
  sql = openSql(database.app, { max: 4, patienceMs: 300 })
})

afterAll(async () => {
  await sql.close()
  await database.drop()
})

const scope = { organizationId: newId('org') }

test('a transaction whose caller never comes back is ended, and frees what it held', async () => {
  const [held, back] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const lock = 'select pg_advisory_xact_lock(7)'
  const stuck = sql.withOrganization(scope, async (tx) => {
    await rowsOf(tx, lock, [])
    held.resolve()
    await back.promise
    await rowsOf(tx, 'select 1', [])
  })
  await held.promise
  await database.sql.withOrganization(scope, (tx) => rowsOf(tx, lock, []))
  back.resolve()
  await expect(stuck).rejects.toMatchObject({ code: 'ENGINE_UNAVAILABLE', engine: 'sql' })
})

test('a statement that does not end is ended, and the next one runs', async () => {
  await expect(sql.query('select pg_sleep(30)')).rejects.toThrow('statement timeout')
  expect(await sql.query('select 1 as one')).toEqual([{ one: 1 }])
})

test('who still asks once the port is closed is told that it is away, and what is under way comes to its end', async () => {
  const closing = openSql(database.app)
  const [begun, last] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const underWay = closing.withOrganization(scope, async (tx) => {
    begun.resolve()
    await last.promise
    return rowsOf(tx, 'select 1 as one', [])
  })
  await begun.promise
  const closed = closing.close()
  const late = closing.query('select 1')
  await expect(late).rejects.toMatchObject({ code: 'ENGINE_UNAVAILABLE', engine: 'sql' })
  last.resolve()
  expect(await underWay).toEqual([{ one: 1 }])
  await closed
  await expect(closing.withOrganization(scope, () => Promise.resolve())).rejects.toMatchObject({ engine: 'sql' })
})

test('a server that cuts a transaction between two statements fails the transaction, not the process', async () => {
  const cut = database.sql.withOrganization(scope, async (tx) => {
    const [backend] = await rowsOf<{ pid: number }>(tx, 'select pg_backend_pid() as pid', [])
    await database.asOwner('select pg_terminate_backend($1)', [backend?.pid])
    await new Promise((resolve) => setTimeout(resolve, 100))
    await rowsOf(tx, 'select 1', [])
  })
  await expect(cut).rejects.toMatchObject({ code: 'ENGINE_UNAVAILABLE' })
  expect(await database.sql.query('select 1 as one')).toEqual([{ one: 1 }])
})
