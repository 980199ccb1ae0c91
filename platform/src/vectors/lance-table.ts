import { join } from 'node:path'
import type { Connection, Table } from '@lancedb/lancedb'
import { EngineUnavailable } from '../schema/refusals.ts'
import { isOneOf, toLanceFilter } from './lance-filter.ts'
import { schemaOf, toArrow, type DensePoint } from './lance-rows.ts'
import { takeOutRemoved, upkeep } from './lance-upkeep.ts'
import type { VectorFilter } from './vectors.ts'

export interface DenseTable {
  /** Of every vector here; others do not fit. */
  dimensions: number
  upsert(points: readonly DensePoint[]): Promise<void>
  removeIds(ids: readonly string[]): Promise<void>
  removeDocument(documentId: string): Promise<void>
  /** Nearest first; `score` is the cosine. */
  search(
    vector: readonly number[],
    query: { filter: VectorFilter | undefined; limit: number },
  ): Promise<{ id: string; score: number }[]>
  /** What was removed is in no file any more. Nothing of the table is when it has no row, or `isUsed`, asked between two writes, says no; the next upsert makes it anew. */
  compact(isUsed: () => Promise<boolean>): Promise<void>
  /** Resolves when no write is under way. */
  settled(): Promise<void>
}

export interface TablePlace {
  connection: Connection
  folder: string
  name: string
  /** Up to how many rows every vector is compared; beyond, an index proposes the candidates and their exact distances decide. */
  exactUpTo?: number
  /** Told what LanceDB says when a verb fails, before the caller is; true when the table is lost: it is not touched any more then. */
  isLost?(error: unknown): Promise<boolean>
}

const defaultExactUpTo = 20_000
const pointsPerWrite = 250
/** Every write leaves a fragment and a version behind; after this many they are merged. */
const writesPerUpkeep = 40

/** Creates the table of one space; its dimensions are those of its first vector. */
export async function createDenseTable(place: TablePlace, dimensions: number): Promise<DenseTable> {
  const table = await createTable(place, dimensions).catch((error: unknown) => {
    throw new EngineUnavailable('vectors', error)
  })
  return serve(place, table, dimensions)
}

/** Opens a table that is there. Throws what LanceDB does. */
export async function openDenseTable(place: TablePlace): Promise<DenseTable> {
  const table = await place.connection.openTable(place.name)
  return serve(place, table, await dimensionsOf(table))
}

/** A table with one writer at a time: parallel upserts of one id would each insert it. */
function serve(place: TablePlace, opened: Table, dimensions: number): DenseTable {
  const { connection, folder, name, exactUpTo = defaultExactUpTo } = place
  /** null once it is dropped. */
  let table: Table | null = opened
  let lost = false
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    if (lost) throw new EngineUnavailable('vectors')
    try {
      return await work()
    } catch (error) {
      lost ||= (await place.isLost?.(error)) ?? false
      throw new EngineUnavailable('vectors', error)
    }
  }
  const reading = new Set<Promise<unknown>>()
  const readersGone = () => Promise.allSettled(reading)
  const writer = createWriter(async () => void (table && !lost && (await upkeep(table, exactUpTo))))
  const write = (work: () => Promise<unknown>) => writer.write(() => guarded(work))
  const remove = (condition: string) => write(async () => table?.delete(condition))
  return {
    dimensions,
    async upsert(points) {
      for (let start = 0; start < points.length; start += pointsPerWrite) {
        const data = toArrow(points.slice(start, start + pointsPerWrite), dimensions)
        await write(async () => {
          table ??= await createTable(place, dimensions)
          await table.mergeInsert('id').whenMatchedUpdateAll().whenNotMatchedInsertAll().execute(data)
        })
      }
    },
    removeIds: (ids) => remove(isOneOf('id', ids)),
    removeDocument: (documentId) => remove(isOneOf('document_id', [documentId])),
    async search(vector, query) {
      const mine = guarded(async () => (table ? nearest(table, vector, query) : []))
      reading.add(mine)
      return mine.finally(() => reading.delete(mine))
    },
    compact: (isUsed) =>
      write(async () => {
        if (!table) return
        if ((await table.countRows()) > 0 && (await isUsed()))
          return takeOutRemoved(table, join(folder, `${name}.lance`), readersGone)
        await readersGone()
        await connection.dropTable(name)
        table = null
      }),
    settled: () => writer.settled(),
  }
}

async function nearest(
  table: Table,
  vector: readonly number[],
  { filter, limit }: { filter: VectorFilter | undefined; limit: number },
): Promise<{ id: string; score: number }[]> {
  const where = filter && toLanceFilter(filter)
  const all = table
    .query()
    .nearestTo([...vector])
    .distanceType('cosine')
    .ef(Math.max(200, 2 * limit))
    .refineFactor(2)
  const query = (where ? all.where(where) : all).select(['id', '_distance']).limit(limit)
  const rows: { id: string; _distance: number }[] = await query.toArray()
  return rows.map(({ id, _distance }) => ({ id, score: 1 - _distance }))
}

/** Takes writes one after the other, with upkeep in between now and then; nobody waits for upkeep but the next write. */
function createWriter(upkeep: () => Promise<void>): {
  write(work: () => Promise<unknown>): Promise<void>
  settled(): Promise<void>
} {
  let turn: Promise<unknown> = Promise.resolve()
  let current: Promise<unknown> = turn
  let writes = 0
  return {
    async write(work) {
      const mine = turn.then(work)
      current = mine.catch(() => {})
      turn = current.then(() => (++writes % writesPerUpkeep === 0 ? upkeep().catch(() => {}) : undefined))
      await mine
    },
    async settled() {
      await current
    },
  }
}

function createTable({ connection, name }: TablePlace, dimensions: number): Promise<Table> {
  return connection.createEmptyTable(name, schemaOf(dimensions))
}

async function dimensionsOf(table: Table): Promise<number> {
  const { fields } = await table.schema()
  const type: unknown = fields.find(({ name }) => name === 'vector')?.type
  if (typeof type === 'object' && type !== null && 'listSize' in type && typeof type.listSize === 'number')
    return type.listSize
  throw new Error('The table has no column of vectors.')
}
