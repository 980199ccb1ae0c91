import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { platformMigrations, type MigrationSet } from './migrate.ts'
import type { SqlConnection } from './sql.ts'

/**
 * Compares a database with the migrations of this version without changing it, as whoever may read them: the server's version, how many are applied, the names of those that are
 * missing, and of those that only a newer version knows.
 */
export async function readSchemaState(
  connection: SqlConnection,
  sets: readonly MigrationSet[],
): Promise<{ version: string; applied: number; missing: string[]; unknown: string[] }> {
  const known = (await Promise.all([platformMigrations, ...sets].map(listNames))).flat()
  const { version, applied } = await readApplied(connection)
  return {
    version,
    applied: applied.length,
    missing: known.filter((name) => !applied.includes(name)),
    unknown: applied.filter((name) => !known.includes(name)),
  }
}

async function listNames({ name, folder }: MigrationSet): Promise<string[]> {
  const files = await readdir(fileURLToPath(folder))
  return files.filter((file) => file.endsWith('.sql')).map((file) => `${name}/${file}`)
}

async function readApplied(connection: SqlConnection): Promise<{ version: string; applied: string[] }> {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    const { rows: server } = await client.query<{ version: string; found: boolean }>(
      `select current_setting('server_version') as version,
         exists (select from pg_tables where schemaname = 'platform' and tablename = 'migration') as found`,
    )
    const version = server[0]?.version.split(' ')[0] ?? ''
    if (!server[0]?.found) return { version, applied: [] }
    const { rows } = await client.query<{ name: string }>('select name from platform.migration order by name')
    return { version, applied: rows.map(({ name }) => name) }
  } finally {
    await client.end()
  }
}
