import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../ids/ids.ts'
import { createLog } from '../log/log.ts'
import type { Sql } from '../sql/sql.ts'
import { createTestDatabase, type TestDatabase } from '../sql/testing.ts'
import { openFacts, publish } from './facts.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
})

afterAll(() => database.drop())

test('when nothing happens, the log of all organisations and consumers together is one question at a time', async () => {
  const organizationIds = Array.from({ length: 100 }, () => newId('org'))
  for (const organizationId of organizationIds)
    await database.sql.withOrganization({ organizationId }, async (tx) => {
      publish(tx, { type: 'thing.happened', payload: {} })
    })
  let [looks, units] = [0, 0]
  const sql: Sql = {
    ...database.sql,
    query: (text, parameters) => (looks++, database.sql.query(text, parameters)),
    withOrganization: (scope, work) => (units++, database.sql.withOrganization(scope, work)),
  }
  const log = createLog({ name: 'test', level: 'silent' })
  const facts = await openFacts(sql, log, { pollMs: 20, holdMs: 5_000 })
  for (const name of ['first', 'second'])
    facts.consume({ name, types: ['thing.happened'], handle: () => Promise.resolve() })
  for (const name of ['first', 'second'])
    for (const organizationId of organizationIds)
      expect(await facts.reached(name, { organizationId, position: '1' }, { timeoutMs: 30_000 })).toBe(true)
  // Each consumer gives its last hold back after the position is known.
  const settle = () => {
    const quiet = units === 0
    units = 0
    return quiet
  }
  await expect.poll(settle, { interval: 300, timeout: 10_000 }).toBe(true)
  const before = looks
  await expect.poll(() => looks - before, { timeout: 10_000 }).toBeGreaterThan(20)
  expect(units).toBe(0)
  await facts.close()
})
