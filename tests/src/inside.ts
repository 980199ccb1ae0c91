import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import { connectionOf } from '@passerelle/platform/sql/embedded'
import pg from 'pg'
import type { Passerelle } from './passerelle.ts'

/** Asks the database of a running installation as its owner, past every wall. */
export async function askDatabase<Row>(house: Passerelle, text: string, values: unknown[] = []): Promise<Row[]> {
  const client = new pg.Client(await connectionOf(join(house.data, 'postgres')))
  // Whoever asks is told by the statement: the database may be killed meanwhile.
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query(text, values)).rows as Row[]
  } finally {
    await client.end()
  }
}

/** Holds the rows that a statement locks against everybody else, until the installation is killed. */
export async function holdRows(house: Passerelle, text: string, values: unknown[] = []): Promise<void> {
  const client = new pg.Client(await connectionOf(join(house.data, 'postgres')))
  // What is waited for: the database dies.
  client.on('error', () => {})
  await client.connect()
  await client.query('begin')
  await client.query(text, values)
}

/** How many statements wait for a lock. */
export async function countWaiters(house: Passerelle): Promise<number> {
  return (await askDatabase(house, 'select from pg_locks where not granted')).length
}

/** How many rows each table of the house has, and where each organisation's log stands. */
export async function countRows(house: Passerelle): Promise<Record<string, number>> {
  const tables = await askDatabase<{ name: string }>(
    house,
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema', 'jobs') order by 1`,
  )
  const counts = await askDatabase<{ name: string; rows: string }>(
    house,
    tables.map(({ name }) => `select '${name}' as name, count(*) as rows from ${name}`).join(' union all '),
  )
  return Object.fromEntries(counts.map(({ name, rows }) => [name, Number(rows)]))
}

/** Paths of all blobs, complete or not, relative to their folder. Marks beside them hold no bytes. */
export async function listBlobs(house: Passerelle): Promise<string[]> {
  const folder = join(house.data, 'blobs')
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((path) => !path.startsWith('.marks'))
}

/** Processes that belong to the installation: of its group, or with its data folder in their command. */
export async function listProcesses(house: Passerelle): Promise<string[]> {
  const { stdout } = await promisify(execFile)('ps', ['-axo', 'pgid=,pid=,command='])
  return stdout.split('\n').filter((line) => {
    const [group, pid] = line.trim().split(/\s+/).map(Number)
    return pid !== process.pid && (group === house.group || line.includes(house.data))
  })
}
