import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { platformMigrations, type MigrationSet } from './migrate.ts'
import type { SqlConnection } from './sql.ts'

/**
 * Compares a database with the migrations of this version without changing it: how many are applied, the names of those that are
 * missing, and of those that only a newer version knows.
 */
export async function readSchemaState(
  owner: SqlConnection,
  sets: readonly MigrationSet[],
): Promise<{ applied: number; missing: string[]; unknown: string[] }> {
  const known = (await Promise.all([platformMigrations, ...sets].map(listNames))).flat()
  const applied = await listApplied(owner)
  return {
    applied: applied.length,
    missing: known.filter((name) => !applied.includes(name)),
    unknown: applied.filter((name) => !known.includes(name)),
  }
}

async function listNames({ name, folder }: MigrationSet): Promise<string[]> {
  const files = await readdir(fileURLToPath(folder))
  return files.filter((file) => file.endsWith('.sql')).map((file) => `${name}/${file}`)
}

async function listApplied(owner: SqlConnection): Promise<string[]> {
  const client = new pg.Client(owner)
  await client.connect()
  try {
    const { rows: tables } = await client.query(`select to_regclass('platform.migration') is not null as found`)
    if (!tables[0]?.found) return []
    const { rows } = await client.query<{ name: string }>('select name from platform.migration order by name')
    return rows.map(({ name }) => name)
  } finally {
    await client.end()
  }
}
