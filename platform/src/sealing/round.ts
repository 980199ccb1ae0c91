import { setTimeout as sleep } from 'node:timers/promises'
import { sql as build } from 'kysely'
import type { Jobs, Queue } from '../jobs/jobs.ts'
import type { Log } from '../log/log.ts'
import type { Sql, Tx } from '../sql/sql.ts'
import type { FieldKeys } from './field-keys.ts'
import { readRow, sealRow, type RowOf, type SealedTable } from './sealed-table.ts'
import type { Sealing } from './sealing.ts'

/** Closes the personal fields of one organisation with the key that everybody writes with from `from` on (ISO 8601), or now. Tried until it is done. */
export const resealQueue: Queue<{ from: string | null }> = {
  name: 'sealing.reseal',
  retries: 1_000,
  concurrency: 1,
  perOrganization: 1,
}

interface Engines {
  sql: Sql
  sealing: Sealing
  jobs: Jobs
  log: Log
}

const batch = 200

/**
 * Does the rounds that wait, and asks for one in each organisation that has values in the clear: written before fields were sealed, or put back from a
 * backup of that time. Everything goes on meanwhile: what is open is read as it is, what an older key closed with that.
 */
export async function workSealing({ sql, sealing, jobs, log }: Engines, tables: readonly SealedTable[]): Promise<void> {
  await jobs.work(resealQueue, async ({ organizationId, data, signal }) => {
    if (data.from !== null) await sleep(Math.max(0, Date.parse(data.from) - Date.now()), undefined, { signal })
    const closed = await resealOrganization({ sql, sealing }, { organizationId, tables, signal })
    log.info({ organizationId, closed }, 'the personal fields are closed with the key of now')
  })
  const behind = new Set<string>()
  for (const table of tables) for (const organizationId of await listUnsealed(sql, table)) behind.add(organizationId)
  for (const organizationId of behind)
    await sql.withOrganization({ organizationId }, (tx) => askToReseal(tx, jobs, null))
}

/** Has the fields of the transaction's organisation closed again, from a moment on. */
export function askToReseal(tx: Tx, jobs: Jobs, from: Date | null): Promise<void> {
  return jobs.enqueue(tx, resealQueue, { from: from?.toISOString() ?? null }, { key: 'reseal' })
}

/** Closes what is open or closed with an older key, in transactions of a few rows; answers how many rows. Repeating it is harmless. */
export async function resealOrganization(
  { sql, sealing }: Pick<Engines, 'sql' | 'sealing'>,
  { organizationId, tables, signal }: { organizationId: string; tables: readonly SealedTable[]; signal?: AbortSignal },
): Promise<number> {
  const keys = await sealing.keysOf(organizationId)
  let closed = 0
  for (const table of tables)
    for (;;) {
      signal?.throwIfAborted()
      const count = await sql.withOrganization({ organizationId }, (tx) => resealRows(tx, keys, table))
      closed += count
      if (count < batch) break
    }
  return closed
}

/** How many rows of a table the key of now has not closed. */
export function countOutdated(sql: Sql, keys: FieldKeys, table: SealedTable): Promise<number> {
  return sql.withOrganization({ organizationId: keys.organizationId }, async (tx) => {
    const { rows } = await build<{ count: number }>`
      select count(*) as count from ${build.table(table.name)} where ${isOutdated(keys, table)}`.execute(tx)
    return rows[0]?.count ?? 0
  })
}

async function resealRows(tx: Tx, keys: FieldKeys, table: SealedTable): Promise<number> {
  const { rows } = await build<RowOf>`
    select * from ${build.table(table.name)} where ${isOutdated(keys, table)}
    order by ${build.ref(table.row)} limit ${batch} for update`.execute(tx)
  for (const row of rows) {
    const open = readRow(keys, table, row)
    const sealed: RowOf = { ...sealRow(keys, table, open), ...table.made?.(open, keys) }
    const changed = Object.keys(sealed).filter((column) => sealed[column] !== row[column])
    const sets = changed.map((column) => build`${build.ref(column)} = ${sealed[column]}`)
    await build`
      update ${build.table(table.name)} set ${build.join(sets)} where ${build.ref(table.row)} = ${row[table.row]}`.execute(
      tx,
    )
  }
  return rows.length
}

function isOutdated({ currentPrefix }: FieldKeys, { columns }: SealedTable) {
  return build.join(
    columns.map((column) => build`not starts_with(${build.ref(column)}, ${currentPrefix})`),
    build` or `,
  )
}

/** The organisations that have values in the clear in this table. */
async function listUnsealed(sql: Sql, { name, columns }: SealedTable): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(
    'select id from platform.organizations_with_unsealed($1::regclass, $2) as id',
    [name, columns],
  )
  return rows.map(({ id }) => id)
}
