import type { Readable } from 'node:stream'
import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import type { SqlConnection } from './sql.ts'
import { listMigrations, listTables, quoteTable, type AppliedMigration, type CarriedTable } from './tables.ts'

/** All rows of some schemas as they were at one moment, however long they are read. */
export interface Snapshot {
  migrations: readonly AppliedMigration[]
  /** In the order in which they can be filled. */
  tables: readonly CarriedTable[]
  /** How far the sequences have counted, by name with schema; one that never counted is left out. */
  sequences: Readonly<Record<string, number>>
  /** The table's rows in the text format of COPY, a line each. Read to its end, or destroyed, before the next. */
  read(table: CarriedTable): Readable
  /** The rows of a query, in the text format of COPY. */
  readQuery(text: string): Readable
}

/**
 * Runs `work` on one snapshot of the schemas, as their owner. Writers are not kept waiting, and what they write meanwhile is not in it; only
 * migrations wait.
 */
export async function withSnapshot<T>(
  owner: SqlConnection,
  schemas: readonly string[],
  work: (snapshot: Snapshot) => Promise<T>,
): Promise<T> {
  const client = new pg.Client(owner)
  // What breaks the connection is heard by the statement that waits for it.
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query('begin isolation level repeatable read read only')
    await client.query('set local statement_timeout = 0')
    await client.query('set local idle_in_transaction_session_timeout = 0')
    const { rows } = await client.query<{ name: string; value: number }>(
      `select schemaname || '.' || sequencename as name, last_value::float8 as value from pg_sequences
       where schemaname = any($1) and last_value is not null`,
      [schemas],
    )
    const readQuery = (text: string): Readable => client.query(copyTo(`copy (${text}) to stdout`))
    return await work({
      migrations: await listMigrations(client),
      tables: await listTables(client, schemas),
      sequences: Object.fromEntries(rows.map(({ name, value }) => [name, value])),
      read(table) {
        const { name, columns } = quoteTable(client, table)
        return readQuery(`select ${columns} from ${name}`)
      },
      readQuery,
    })
  } finally {
    await client.end()
  }
}
