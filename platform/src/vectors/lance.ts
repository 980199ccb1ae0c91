import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { connect } from '@lancedb/lancedb'
import type { Log } from '../log/log.ts'
import { EngineUnavailable } from '../schema/refusals.ts'
import { compactTables } from './lance-compaction.ts'
import { isDamage } from './lance-damage.ts'
import { formerTableName, tableName, type SpaceName } from './lance-names.ts'
import { createDenseTable, openDenseTable, type DenseTable, type TablePlace } from './lance-table.ts'

export interface DenseSide {
  /** null when nothing was ever written there, or nothing is left. */
  find(space: SpaceName): Promise<DenseTable | null>
  findOrCreate(space: SpaceName, dimensions: number): Promise<DenseTable>
  /** No file holds a vector of the organisation that was removed, or that is in a space which no point is registered in. */
  compact(organizationId: string): Promise<void>
  /** Waits for the writes under way. */
  close(): Promise<void>
}

export interface LanceOptions {
  folder: string
  log: Log
  /** Told once about each space that has no table, before anybody is: the moment to strike what the register still believes. */
  onMissing(space: SpaceName): Promise<void>
  /** The spaces that points of an organisation are registered in. */
  listSpaces(organizationId: string): Promise<SpaceName[]>
}

/**
 * The dense side in LanceDB: one table per space, in one folder. Nothing is opened before it is asked for. A damaged table is put aside as
 * `<name>.damaged` and counts as missing, for the sparse side knows which points to embed again; one that cannot be opened for another reason is left
 * as it is, and asking for it throws EngineUnavailable.
 */
export async function openLance(options: LanceOptions): Promise<DenseSide> {
  await mkdir(options.folder, { recursive: true })
  const connection = await connect(options.folder)
  const tables = new Map<string, Promise<DenseTable | null>>()
  const placeOf = (name: string): TablePlace => ({
    connection,
    folder: options.folder,
    name,
    async isLost(error) {
      const lost = await putAsideDamaged(options, name, error)
      if (lost) tables.delete(name)
      return lost
    },
  })
  const find = (space: SpaceName): Promise<DenseTable | null> => {
    const name = tableName(space)
    const known = tables.get(name)
    if (known) return known
    return remember(tables, name, openTable(placeOf(name), space, options))
  }
  const findOrCreate = async (space: SpaceName, dimensions: number): Promise<DenseTable> => {
    const name = tableName(space)
    for (;;) {
      const looking = find(space)
      const found = await looking
      if (found) return found
      if (tables.get(name) === looking) await remember(tables, name, createDenseTable(placeOf(name), dimensions))
    }
  }
  return {
    find,
    findOrCreate,
    compact: (organizationId) => compactTables({ ...options, connection, tables, find }, organizationId),
    async close() {
      await Promise.allSettled([...tables.values()].map(async (table) => (await table)?.settled()))
      connection.close()
    },
  }
}

/** A promise that fails is forgotten, so that the next caller tries again. */
function remember<T>(known: Map<string, Promise<T>>, name: string, mine: Promise<T>): Promise<T> {
  known.set(name, mine)
  mine.catch(() => known.delete(name))
  return mine
}

async function openTable(place: TablePlace, space: SpaceName, options: LanceOptions): Promise<DenseTable | null> {
  const { folder, name } = place
  try {
    if (await isThere(pathOf(folder, name), pathOf(folder, formerTableName(space)))) return await openDenseTable(place)
  } catch (error) {
    if (!(await putAsideDamaged(options, name, error))) throw new EngineUnavailable('vectors', error)
  }
  await options.onMissing(space)
  return null
}

/** Puts a table aside when the error says that it is damaged, the one before it is not kept; answers whether it was. */
async function putAsideDamaged({ folder, log }: LanceOptions, name: string, error: unknown): Promise<boolean> {
  const path = pathOf(folder, name)
  if (!(await isDamage(path, error))) return false
  log.error(
    { err: error, path, keptAs: `${path}.damaged` },
    'A table of vectors cannot be read; its points have to be embedded again.',
  )
  await rm(`${path}.damaged`, { recursive: true, force: true })
  await unlessMissing(rename(path, `${path}.damaged`))
  return true
}

const pathOf = (folder: string, name: string): string => join(folder, `${name}.lance`)

/** Whether there is a table, under its name or the one it had formerly, which it then loses. */
async function isThere(path: string, former: string): Promise<boolean> {
  const found = await unlessMissing(stat(path))
  if (found) return true
  return (await unlessMissing(rename(former, path).then(() => true))) ?? false
}

async function unlessMissing<T>(work: Promise<T>): Promise<T | null> {
  return work.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
}
