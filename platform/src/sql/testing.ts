import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { migrateJobs, type Queue } from '../jobs/jobs.ts'
import { migrate, type MigrationSet } from './migrate.ts'
import { openSql, type Sql, type SqlConnection } from './sql.ts'

export interface TestDatabase {
  owner: SqlConnection
  app: SqlConnection
  sql: Sql
  drop(): Promise<void>
}

/** A database of its own for one test file, migrated with the given rooms, on the run's shared server. */
export async function createTestDatabase(
  sets: readonly MigrationSet[] = [],
  queues: readonly Queue<never>[] = [],
): Promise<TestDatabase> {
  const server = inject('postgres')
  const database = `test_${randomBytes(6).toString('hex')}`
  await asOwner(server, `create database ${database}`)
  const owner = { ...server, database }
  await migrate(owner, sets)
  if (queues.length > 0) await migrateJobs(owner, queues)
  const app = { ...owner, user: 'passerelle_app' }
  const sql = openSql(app, { max: 8 })
  return {
    owner,
    app,
    sql,
    async drop() {
      await sql.close()
      await asOwner(server, `drop database ${database} with (force)`)
    },
  }
}

async function asOwner(server: SqlConnection, statement: string): Promise<void> {
  const client = new pg.Client({ ...server, database: 'postgres' })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
