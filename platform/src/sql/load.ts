import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { SqlConnection } from './sql.ts'
import { listMigrations, listTables, quoteTable, type AppliedMigration, type CarriedTable } from './tables.ts'

/** What a database has of some schemas, as their owner sees it. */
export interface Holdings {
  migrations: AppliedMigration[]
  /** Whether any table has a row. */
  filled: boolean
}

/** Looks whether there is anything in the schemas. */
export function inspect(owner: SqlConnection, schemas: readonly string[]): Promise<Holdings> {
  return withClient(owner, async (client) => {
    let filled = false
    for (const table of await listTables(client, schemas)) {
      const { rows } = await client.query<{ found: boolean }>(
        `select exists (select from ${quoteTable(client, table).name}) as found`,
      )
      filled ||= rows[0]?.found === true
    }
    return { migrations: await listMigrations(client), filled }
  })
}

/** The rows of one statement, past every wall. */
export function askAsOwner<Row extends pg.QueryResultRow>(
  owner: SqlConnection,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  return withClient(owner, async (client) => (await client.query<Row>(text, [...values])).rows)
}

/** Removes the schemas with everything in them. */
export function dropSchemas(owner: SqlConnection, schemas: readonly string[]): Promise<void> {
  return withClient(owner, async (client) => {
    const names = schemas.map((schema) => client.escapeIdentifier(schema))
    await client.query(`drop schema if exists ${names.join(', ')} cascade`)
  })
}

export interface Loading {
  schemas: readonly string[]
  sequences: Readonly<Record<string, number>>
  /** The rows of a table in the text format of COPY; null when there are none for it. */
  read(table: CarriedTable): { columns: readonly string[]; rows: Readable } | null
  /** The last thing that is done in the transaction, with what has been loaded of each table. */
  finish(client: pg.ClientBase, loaded: ReadonlyMap<string, number>): Promise<void>
}

/**
 * Fills the tables of the schemas, in place of what is in them, in one transaction: all of it, or nothing. As their owner; row security that binds owners
 * too is taken off for as long as the transaction lasts, because COPY does not go through it, and so are the triggers that keep append-only tables.
 */
export function loadRows(owner: SqlConnection, { schemas, sequences, read, finish }: Loading): Promise<void> {
  return withClient(owner, async (client) => {
    await client.query('begin')
    await client.query('set local statement_timeout = 0')
    await client.query('set local idle_in_transaction_session_timeout = 0')
    const tables = await listTables(client, schemas)
    const names = tables.map((table) => quoteTable(client, table).name)
    for (const name of names)
      await client.query(`alter table ${name} no force row level security, disable trigger user`)
    await client.query(`truncate ${names.join(', ')}`)
    const loaded = new Map<string, number>()
    for (const table of tables) {
      const found = read(table)
      if (!found) continue
      const { name, columns } = quoteTable(client, { ...table, columns: [...found.columns] })
      const copy = client.query(copyFrom(`copy ${name} (${columns}) from stdin`))
      await pipeline(found.rows, copy)
      loaded.set(table.name, copy.rowCount)
    }
    for (const [name, value] of Object.entries(sequences))
      await client.query('select setval($1::regclass, $2)', [name, value])
    for (const name of names) await client.query(`alter table ${name} force row level security, enable trigger user`)
    await finish(client, loaded)
    await client.query('commit')
  })
}

async function withClient<T>(owner: SqlConnection, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(owner)
  client.on('error', () => {})
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
