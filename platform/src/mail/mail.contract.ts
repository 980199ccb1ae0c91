import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EngineUnavailable } from '../schema/refusals.ts'
import { createTestDatabase, type TestDatabase } from '../sql/testing.ts'
import { openSql } from '../sql/sql.ts'
import { openTestSealing } from '../sealing/testing.ts'
import { describeMail } from './mail.cases.ts'
import { openTableMail } from './table.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

describeMail('a table', async () => {
  const mail = openTableMail({ sql: database.sql, sealing: openTestSealing(database.sql) })
  return {
    mail,
    sql: database.sql,
    arrived: async (organizationId) =>
      (await mail.kept({ organizationId }, { first: 100, after: null })).nodes
        .toReversed()
        .map(({ to, subject, text }) => ({ to, subject, text: text ?? '' })),
    close: mail.close,
  }
})

describe('mail in a table', () => {
  it('says that the engine is away when the database is', async () => {
    const sql = openSql({ host: '/nonexistent', user: 'nobody' })
    const message = { organizationId: 'org_a', to: 'a@exemple.fr', subject: 'Bonjour', text: 'Bonjour' }
    await expect(openTableMail({ sql, sealing: openTestSealing(sql) }).send(message)).rejects.toBeInstanceOf(
      EngineUnavailable,
    )
    await sql.close()
  })

  it('is told apart by the database itself, not only by the question asked', async () => {
    const mail = openTableMail({ sql: database.sql, sealing: openTestSealing(database.sql) })
    await mail.send({ organizationId: 'org_wall', to: 'a@exemple.fr', subject: 'Bonjour', text: 'Bonjour' })
    const rows = await database.sql.query('select * from platform.mail')
    expect(rows).toEqual([])
  })
})
