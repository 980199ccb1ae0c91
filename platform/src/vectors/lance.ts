import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { connect, type Connection, type Table } from '@lancedb/lancedb'
import type { Log } from '../log/log.ts'
import { createLanceTable, openDenseTable, type DenseTable } from './lance-table.ts'

/** One organisation's vectors of one collection in one model's space. */
export interface SpaceName {
  organizationId: string
  collection: string
  model: string
}

export interface DenseSide {
  /** null when nothing was ever written there, or nothing is left. */
  find(space: SpaceName): Promise<DenseTable | null>
  findOrCreate(space: SpaceName, dimensions: number): Promise<DenseTable>
  /** Waits for the writes under way. */
  close(): Promise<void>
}

export interface LanceOptions {
  folder: string
  log: Log
  /** Told once about each space that has no table, before anybody is: the moment to strike what the register still believes. */
  onMissing(space: SpaceName): Promise<void>
}

/**
 * The dense side in LanceDB: one table per space, in one folder. Nothing is opened before it is asked for; a table that cannot be opened is put aside as
 * `<name>.damaged` and counts as missing, for the sparse side knows which points to embed again.
 */
export async function openLance(options: LanceOptions): Promise<DenseSide> {
  await mkdir(options.folder, { recursive: true })
  const connection = await connect(options.folder)
  const tables = new Map<string, Promise<DenseTable | null>>()
  const find = (space: SpaceName): Promise<DenseTable | null> => {
    const name = tableName(space)
    const known = tables.get(name)
    if (known) return known
    return remember(tables, name, openTable(connection, space, options))
  }
  const findOrCreate = async (space: SpaceName, dimensions: number): Promise<DenseTable> => {
    const name = tableName(space)
    for (;;) {
      const looking = find(space)
      const found = await looking
      if (found) return found
      if (tables.get(name) === looking) await remember(tables, name, createTable(connection, name, dimensions))
    }
  }
  return {
    find,
    findOrCreate,
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

async function createTable(connection: Connection, name: string, dimensions: number): Promise<DenseTable> {
  return openDenseTable(await createLanceTable(connection, name, dimensions), dimensions)
}

async function openTable(
  connection: Connection,
  space: SpaceName,
  { folder, log, onMissing }: LanceOptions,
): Promise<DenseTable | null> {
  const name = tableName(space)
  const path = join(folder, `${name}.lance`)
  try {
    if (existsSync(path)) {
      const table = await connection.openTable(name)
      return openDenseTable(table, await dimensionsOf(table))
    }
  } catch (error) {
    log.error(
      { err: error, path, keptAs: `${path}.damaged` },
      'A table of vectors cannot be read; its points have to be embedded again.',
    )
    await rm(`${path}.damaged`, { recursive: true, force: true })
    await rename(path, `${path}.damaged`)
  }
  await onMissing(space)
  return null
}

async function dimensionsOf(table: Table): Promise<number> {
  const { fields } = await table.schema()
  const type: unknown = fields.find(({ name }) => name === 'vector')?.type
  if (typeof type === 'object' && type !== null && 'listSize' in type && typeof type.listSize === 'number')
    return type.listSize
  throw new Error('The table has no column of vectors.')
}

/** Names are part of paths, so what callers call their models and collections stays out of them. */
function tableName({ organizationId, collection, model }: SpaceName): string {
  return createHash('sha256')
    .update(JSON.stringify([organizationId, collection, model]))
    .digest('hex')
    .slice(0, 40)
}
