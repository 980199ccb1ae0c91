import { audit } from '@passerelle/platform/audit'
import type { Viewer } from '@passerelle/platform/schema'
import type { KeyState, SealedTable } from '@passerelle/platform/sealing'
import { askToReseal, countOutdated } from '@passerelle/platform/sealing/round'
import type { Platform } from '@passerelle/platform/subgraph'

/** How the personal fields of an organisation are sealed. */
export interface SealingState {
  keys: KeyState[]
  tables: (Pick<SealedTable, 'name'> & { columns: string[]; outdated: number })[]
}

export async function readSealingState(
  { sql, sealing, sealedTables }: Platform,
  { organizationId }: Viewer,
): Promise<SealingState> {
  const own = await sealing.keysOf(organizationId)
  const tables: SealingState['tables'] = []
  for (const table of sealedTables)
    tables.push({ name: table.name, columns: [...table.columns], outdated: await countOutdated(sql, own, table) })
  return { keys: await sealing.keys(organizationId), tables }
}

/** Makes a new key and has everything closed with it: a key that nobody is told of, or that nothing is closed with, is none. */
export async function rotateKeys(platform: Platform, viewer: Viewer): Promise<SealingState> {
  await platform.sealing.rotate(viewer, async (tx, from) => {
    await askToReseal(tx, platform.jobs, from)
    audit(tx, { action: 'sealing_key.rotated' })
  })
  return readSealingState(platform, viewer)
}
