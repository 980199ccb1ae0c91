import { audit, installationChain } from '@passerelle/platform/audit'
import { createReceipt, type ErasedStore } from '@passerelle/platform/privacy'
import { installation } from '@passerelle/platform/sealing'
import { rowsOf } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import { markApplied } from './erasure-applied.store.ts'
import type { ErasureOrder } from './erasure.queue.ts'
import { findReceipt, keepFound, keepReceipt } from './erasure-receipt.store.ts'

interface Job {
  organizationId: string
  data: ErasureOrder
  signal: AbortSignal
}

/** Rows that one statement deletes: no lock is long, and a kill loses little. */
const batch = 5_000
/** What still wrote when it began has written by then. */
const mostRounds = 5

/**
 * Erases everything of an organisation: what the engines hold, its keys, its rows in every table, and the people who belong to no other. The audit log stays,
 * which nobody deletes from and which holds ids alone. May be called again at any point; the receipt is kept by the installation.
 */
export async function eraseOrganization(platform: Platform, { organizationId, data, signal }: Job): Promise<void> {
  const id = data.requestId
  await platform.erasures.add({ id, organizationId, kind: 'ORGANIZATION', subject: null, choice: null, at: new Date() })
  const known = await findReceipt(platform.sql, id)
  if (known?.receipt) return markApplied(platform, id)
  const found = known?.found ?? (await countRows(platform, organizationId))
  const held = await eraseEngines(platform, organizationId, signal)
  if (!known?.found) await keepFound(platform.sql, id, (found.push(...held), found))
  await eraseEverything(platform, organizationId, signal)
  await platform.graph.compact()
  await platform.vectors.compact(organizationId)
  const receipt = createReceipt(await platform.sealing.signer(), {
    id,
    organizationId,
    kind: 'ORGANIZATION',
    subject: null,
    choice: null,
    requestedBy: data.requestedBy,
    requestedAt: new Date(data.requestedAt),
    approvedBy: null,
    finishedAt: new Date(),
    stores: found.map(({ store, count }) => ({ store, ids: [], count, ...keptIf(store) })),
  })
  await keepReceipt(platform.sql, id, receipt)
  await platform.sql.withOrganization({ organizationId: installationChain }, async (tx) =>
    audit(tx, { action: 'organization.erased', subject: { kind: 'Organization', id: organizationId } }),
  )
  await markApplied(platform, id)
}

/** Nobody deletes from the audit log, and it says nothing but ids. */
const appendOnly = ['platform.audit_entry', 'platform.audit_head', 'platform.audit_anchor']

function keptIf(store: string) {
  return appendOnly.includes(store) ? { kept: 'APPEND_ONLY' as const } : {}
}

/** The engines, the keys, then the rows. Throws when rows are left: something still writes, and it is to be called again. */
export async function eraseEverything(platform: Platform, organizationId: string, signal: AbortSignal): Promise<void> {
  const { sql, sealing } = platform
  const scope = { organizationId }
  const people = await sql.withOrganization(scope, (tx) =>
    rowsOf<{ id: string }>(tx, 'select user_id as id from tenancy.member', []),
  )
  await eraseEngines(platform, organizationId, signal)
  await sql.withOrganization(scope, (tx) => sealing.shred(tx, organizationId))
  let erased = 0
  for (let round = 0; round < mostRounds; round++) {
    await sql.withOrganization(scope, (tx) => rowsOf(tx, 'select tenancy.erase_jobs(null)', []))
    erased = await eraseRows(platform, organizationId, signal)
    // Whatever was on its way to an engine when its rows went has arrived by now.
    await platform.graph.forgetAll(organizationId)
    await platform.coordination.memory.removeAll(organizationId, '')
    if (erased === 0) break
  }
  if (erased > 0) throw new Error(`Something still writes rows of ${organizationId}.`)
  await sql.withOrganization({ organizationId: installation }, (tx) =>
    rowsOf(tx, 'select tenancy.erase_people($1)', [people.map(({ id }) => id)]),
  )
}

async function eraseEngines(platform: Platform, organizationId: string, signal: AbortSignal): Promise<ErasedStore[]> {
  const stores: ErasedStore[] = []
  for (const room of platform.personalData.values())
    stores.push(...((await room.eraseOrganization?.(platform, { organizationId, signal })) ?? []))
  return stores.filter(({ count }) => count > 0)
}

async function listTables({ sql }: Platform): Promise<{ name: string; column: string }[]> {
  return sql.query('select name, organization_column as "column" from tenancy.tables_of_organizations()')
}

/** How many rows of the organisation each table has, the audit log's included. */
async function countRows(platform: Platform, organizationId: string): Promise<ErasedStore[]> {
  const tables = await listTables(platform)
  const all = [...tables, ...appendOnly.map((name) => ({ name, column: 'organization_id' }))]
  return platform.sql.withOrganization({ organizationId }, async (tx) => {
    const stores: ErasedStore[] = []
    for (const { name, column } of all) {
      const text = `select count(*) as count from ${name} where ${column} = $1`
      const [row] = await rowsOf<{ count: number }>(tx, text, [organizationId])
      if (row && row.count > 0) stores.push({ store: name, count: row.count })
    }
    return stores
  })
}

/** Deletes the organisation's rows in every table, those that refer to others first; answers how many. */
async function eraseRows(platform: Platform, organizationId: string, signal: AbortSignal): Promise<number> {
  let erased = 0
  for (const { name } of await listTables(platform))
    for (;;) {
      signal.throwIfAborted()
      const [row] = await platform.sql.withOrganization({ organizationId }, (tx) =>
        rowsOf<{ count: number }>(tx, 'select tenancy.erase_rows($1, $2) as count', [name, batch]),
      )
      erased += row?.count ?? 0
      if ((row?.count ?? 0) < batch) break
    }
  return erased
}
