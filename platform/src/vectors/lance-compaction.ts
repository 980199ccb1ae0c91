import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Connection } from '@lancedb/lancedb'
import { EngineUnavailable, Refusal } from '../schema/refusals.ts'
import { isDamage } from './lance-damage.ts'
import { formerTable, tableName, tablesOf, type SpaceName } from './lance-names.ts'
import type { DenseTable } from './lance-table.ts'

interface Compaction {
  connection: Connection
  folder: string
  /** Those that somebody asked for, by name. Whoever finds one here, open or null, does not look on the disk. */
  tables: Map<string, Promise<DenseTable | null>>
  find(space: SpaceName): Promise<DenseTable | null>
  listSpaces(organizationId: string): Promise<SpaceName[]>
}

/**
 * Takes what was removed out of the files of an organisation's tables, and removes those that nothing is registered in: of former models, of an organisation
 * that is no more, and what was put aside.
 */
export async function compactTables(given: Compaction, organizationId: string): Promise<void> {
  const { folder, find, listSpaces } = given
  try {
    for (const space of await listSpaces(organizationId)) await find(space)
    for (const entry of await readdir(folder)) {
      if (entry.startsWith(tablesOf(organizationId))) await compactEntry(given, organizationId, entry)
      else if (formerTable.test(entry)) await removeFormer(given, entry)
    }
  } catch (error) {
    throw error instanceof Refusal ? error : new EngineUnavailable('vectors', error)
  }
}

async function compactEntry(
  { folder, tables, listSpaces }: Compaction,
  organizationId: string,
  entry: string,
): Promise<void> {
  const remove = () => rm(join(folder, entry), { recursive: true, force: true })
  if (!entry.endsWith('.lance')) return remove()
  const name = entry.slice(0, -'.lance'.length)
  const isUsed = async () => (await listSpaces(organizationId)).some((space) => tableName(space) === name)
  const known = tables.get(name)
  if (known) return (await known)?.compact(isUsed)
  // Nothing is registered in it, or it would have been found. Whoever asks for it now waits, and makes it anew.
  const removed = remove().then(() => null)
  tables.set(name, removed)
  removed.catch(() => tables.delete(name))
  await removed
}

/** One of a former name belongs to whoever asks for it first. When it has no row, or cannot be read, it is nobody's. */
async function removeFormer({ connection, folder }: Compaction, entry: string): Promise<void> {
  const path = join(folder, entry)
  if (entry.endsWith('.lance')) {
    const rows = await countRows(connection, entry.slice(0, -'.lance'.length)).catch(async (error: unknown) => {
      if (await isDamage(path, error)) return 0
      throw error
    })
    if (rows > 0) return
  }
  await rm(path, { recursive: true, force: true })
}

async function countRows(connection: Connection, name: string): Promise<number> {
  const table = await connection.openTable(name)
  try {
    return await table.countRows()
  } finally {
    table.close()
  }
}
