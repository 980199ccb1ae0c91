import { Readable } from 'node:stream'
import type { ExportedFile } from '@passerelle/platform/privacy'
import { readRow } from '@passerelle/platform/sealing'
import { rowsOf } from '@passerelle/platform/sql'
import { addressesOf, invitationTable } from './personal-data.addresses.ts'
import type { Platform } from '@passerelle/platform/subgraph'

/** What opens doors, and what is made from other rows, is nobody's to take along. */
const leftOut = [
  /^platform\.(data_key|vector_|fact_cursor|fact_failure|usage_hold)/,
  /^tenancy\.(refresh_token|password_reset)$/,
]
const secretColumn = /hash|secret|wrapped|key_sealed|_index$|^search$/

const batch = 1_000

/** Every row of the organisation, a file of JSON lines for each table, with what is sealed open. */
export async function* exportRows(
  platform: Platform,
  { organizationId, signal }: { organizationId: string; signal: AbortSignal },
): AsyncGenerator<ExportedFile> {
  const tables = await platform.sql.query<{ name: string; column: string }>(
    'select name, organization_column as "column" from tenancy.tables_of_organizations()',
  )
  for (const table of tables) {
    signal.throwIfAborted()
    if (leftOut.some((pattern) => pattern.test(table.name))) continue
    const lines = readLines(platform, organizationId, table)
    yield { path: `rows/${table.name}.jsonl`, content: Readable.from(lines) }
  }
}

async function* readLines(
  { sql, sealing, sealedTables }: Platform,
  organizationId: string,
  { name, column }: { name: string; column: string },
): AsyncGenerator<Buffer> {
  const isInvitation = name === 'tenancy.invitation'
  const keys = await (isInvitation ? addressesOf({ sealing }) : sealing.keysOf(organizationId))
  const sealed = isInvitation ? invitationTable : sealedTables.find((table) => table.name === name)
  for (let offset = 0; ; offset += batch) {
    const rows = await sql.withOrganization({ organizationId }, (tx) =>
      rowsOf<Record<string, unknown>>(
        tx,
        `select * from ${name} where ${column} = $1 order by ctid limit ${batch} offset $2`,
        [organizationId, offset],
      ),
    )
    for (const row of rows) {
      const open = sealed ? readRow(keys, sealed, row) : row
      const shown = Object.entries(open).filter(([key]) => !secretColumn.test(key))
      yield Buffer.from(`${JSON.stringify(Object.fromEntries(shown))}\n`)
    }
    if (rows.length < batch) return
  }
}
