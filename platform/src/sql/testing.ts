import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { migrateJobs } from '../jobs/install.ts'
import type { Queue } from '../jobs/jobs.ts'
import { migrate, type MigrationSet } from './migrate.ts'
import { openSql, type Sql, type SqlConnection } from './sql.ts'

export interface TestDatabase {
  owner: SqlConnection
  /** As the plain role, through a pooler when the run has one. */
  app: SqlConnection
  /** As the plain role, at the server itself: where NOTIFY is heard. */
  listen: SqlConnection
  sql: Sql
  /** A statement that no row security binds, to arrange or to look at what the application cannot. */
  asOwner<Row extends object>(text: string, parameters?: unknown[]): Promise<Row[]>
  drop(): Promise<void>
}

/** A database of its own for one test file, migrated with the given rooms, on the PostgreSQL of this run. */
export async function createTestDatabase(
  sets: readonly MigrationSet[] = [],
  queues: readonly Queue<object>[] = [],
): Promise<TestDatabase> {
  const server = inject('postgres')
  const database = `test_${randomBytes(6).toString('hex')}`
  await query({ ...server, database: 'postgres' }, `create database ${database}`, [])
  const owner = { ...server, database }
  await migrate(owner, sets)
  if (queues.length > 0) await migrateJobs(owner, queues)
  const { host, port } = inject('door')
  const listen = { ...owner, user: 'passerelle_app' }
  const app = { ...listen, host, port }
  const sql = openSql(app, { listen, max: 8 })
  return {
    owner,
    app,
    listen,
    sql,
    asOwner: (text, parameters = []) => query(owner, text, parameters),
    async drop() {
      await sql.close()
      await query({ ...server, database: 'postgres' }, `drop database ${database} with (force)`, [])
    },
  }
}

async function query<Row extends object>(
  connection: SqlConnection,
  text: string,
  parameters: unknown[],
): Promise<Row[]> {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    return (await client.query<Row>(text, parameters)).rows
  } finally {
    await client.end()
  }
}
