import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Index, type Table } from '@lancedb/lancedb'

const versionsKeptMs = 10 * 60_000

/** Merges what many small writes left, and builds the index once the table is large; merging also extends an index that is there. */
export async function upkeep(table: Table, exactUpTo: number): Promise<void> {
  await table.optimize({ cleanupOlderThan: new Date(Date.now() - versionsKeptMs) })
  if ((await table.countRows()) <= exactUpTo || (await table.listIndices()).length > 0) return
  await table.createIndex('vector', { config: Index.hnswSq({ distanceType: 'cosine', numPartitions: 1 }) })
}

/**
 * Leaves in the table's folder only what its last version needs, and no row that was removed. LanceDB alone merges a file only when a tenth of it is
 * removed; where some is left, every row is written again. Nothing may be written meanwhile; `readersGone` resolves when whoever reads a former version has ended.
 */
export async function takeOutRemoved(table: Table, path: string, readersGone: () => Promise<unknown>): Promise<void> {
  const clean = async (): Promise<void> => {
    await table.optimize()
    await readersGone()
    await table.optimize({ cleanupOlderThan: new Date(Date.now() + versionsKeptMs), deleteUnverified: true })
  }
  await clean()
  if (!(await hidesRemoved(path))) return
  await table.update({ where: 'true', valuesSql: { kind: 'kind' } })
  await clean()
}

/** Whether a file holds rows that are only marked as removed. */
async function hidesRemoved(path: string): Promise<boolean> {
  const marks = await readdir(join(path, '_deletions')).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  return marks.length > 0
}
