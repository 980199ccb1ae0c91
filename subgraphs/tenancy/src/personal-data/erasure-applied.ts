import type { ErasureEntry } from '@passerelle/platform/privacy/ledger'
import { findApplied, markApplied } from './erasure-applied.store.ts'
import { rowsOf } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import { eraseEverywhere, StillThere } from './erasure.ts'
import { eraseEverything } from './erasure-organization.ts'

/**
 * Erases again what the list says and this database has not been through, because it was put back from an older backup. Nobody is served before it has
 * resolved; jobs and consumers have to be at work. Answers how many entries there were to do.
 */
export async function applyErasures(platform: Platform, signal: AbortSignal): Promise<number> {
  const entries = await platform.erasures.list()
  if (entries.length === 0) return 0
  const applied = await findApplied(platform)
  const due = entries.filter(({ id }) => !applied.has(id))
  for (const entry of due) {
    platform.log.warn({ erasure: entry.id, organizationId: entry.organizationId }, 'an erasure is done again')
    await applyEntry(platform, entry, signal)
    await platform.graph.compact()
    await platform.vectors.compact(entry.organizationId)
    await markApplied(platform, entry.id)
  }
  return due.length
}

async function applyEntry(platform: Platform, entry: ErasureEntry, signal: AbortSignal): Promise<void> {
  const { organizationId, kind, subject, choice } = entry
  if (kind === 'ORGANIZATION') return eraseEverything(platform, organizationId, signal)
  if (!subject || !choice || !(await exists(platform, organizationId))) return
  for (;;) {
    try {
      const wanted = { organizationId, subject, choice, signal }
      return await eraseEverywhere(platform, wanted, { done: [], save: async () => {} })
    } catch (error) {
      // A graph that is being made again from a backup takes its time.
      if (!(error instanceof StillThere)) throw error
      platform.log.warn({ erasure: entry.id, reason: error.message }, 'an erasure is waited for')
    }
  }
}

async function exists({ sql }: Platform, organizationId: string): Promise<boolean> {
  const rows = await sql.withOrganization({ organizationId }, (tx) =>
    rowsOf(tx, 'select from tenancy.organization', []),
  )
  return rows.length > 0
}
