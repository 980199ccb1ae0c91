import { Readable } from 'node:stream'
import type { ExportedFile } from '@passerelle/platform/privacy'
import { readRow } from '@passerelle/platform/sealing'
import { rowsOf, type Tx } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import { fromSnapshot } from './personal-data-export.snapshot.ts'
import { addressesOf, invitationTable } from './personal-data.addresses.ts'

/** What opens doors, and what is made from other rows, is nobody's to take along. */
const leftOut = [
  /^platform\.(data_key|vector_|fact_cursor|fact_failure|usage_hold)/,
  /^tenancy\.(refresh_token|password_reset)$/,
]
const secretColumn = /hash|secret|wrapped|key_sealed|_index$|^search$/

/** Rows that are in memory at once: a page of a document takes some 24 kB. */
const batch = 200

interface Table {
  name: string
  column: string
}

/**
 * Every row of the organisation as it was at one moment, a file of JSON lines for each table, with what is sealed open. A file has to be read, or
 * destroyed, before the next is asked for.
 */
export async function* exportRows(
  platform: Platform,
  { organizationId, signal }: { organizationId: string; signal: AbortSignal },
): AsyncGenerator<ExportedFile> {
  const listed = await platform.sql.query<Table>(
    'select name, organization_column as "column" from tenancy.tables_of_organizations()',
  )
  const tables = listed.filter(({ name }) => !leftOut.some((pattern) => pattern.test(name)))
  // Before the transaction: inside it nothing but SQL is waited for, and keys come from elsewhere.
  const opened = await Promise.all(
    tables.map(async (table) => ({ table, open: await opener(platform, organizationId, table) })),
  )
  yield* fromSnapshot(platform.sql, organizationId, async function* (tx) {
    for (const { table, open } of opened) {
      signal.throwIfAborted()
      const lines = readLines(tx, { table, organizationId, open })
      yield { path: `rows/${table.name}.jsonl`, content: Readable.from(lines, { highWaterMark: 1 }) }
    }
  })
}

type Row = Record<string, unknown>

/** Opens what is sealed in rows of the table. */
async function opener(
  { sealing, sealedTables }: Platform,
  organizationId: string,
  { name }: Table,
): Promise<(row: Row) => Row> {
  const isInvitation = name === invitationTable.name
  const sealed = isInvitation ? invitationTable : sealedTables.find((table) => table.name === name)
  if (!sealed) return (row) => row
  const keys = await (isInvitation ? addressesOf({ sealing }) : sealing.keysOf(organizationId))
  return (row) => readRow(keys, sealed, row)
}

async function* readLines(
  tx: Tx,
  { table, organizationId, open }: { table: Table; organizationId: string; open: (row: Row) => Row },
): AsyncGenerator<Buffer> {
  const { name, column } = table
  await rowsOf(tx, `declare exported no scroll cursor for select * from ${name} where ${column} = $1`, [organizationId])
  for (let left = true; left;) {
    const rows = await rowsOf<Row>(tx, `fetch ${batch} from exported`, [])
    const lines = rows.map((row) => `${JSON.stringify(shown(open(row)))}\n`)
    if (lines.length > 0) yield Buffer.from(lines.join(''))
    left = rows.length === batch
  }
  await rowsOf(tx, 'close exported', [])
}

function shown(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([column]) => !secretColumn.test(column)))
}
