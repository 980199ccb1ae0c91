import {
  type Data,
  Field,
  FixedSizeList,
  Float32,
  Float64,
  Schema,
  Table as ArrowTable,
  Utf8,
  makeData,
  makeVector,
  vectorFromArray,
} from 'apache-arrow'
import { Index, type Connection, type Table } from '@lancedb/lancedb'
import { EngineUnavailable } from '../schema/refusals.ts'
import { isOneOf, toLanceFilter } from './lance-filter.ts'
import type { Point, VectorFilter } from './vectors.ts'

export type DensePoint = Omit<Point, 'dense'> & { vector: readonly number[] }

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
  /** Resolves when no write is under way. */
  settled(): Promise<void>
}

/** Up to here every vector is compared; beyond, an index proposes the candidates and their exact distances decide. */
const defaultExactUpTo = 20_000
const pointsPerWrite = 250
/** Every write leaves a fragment and a version behind; after this many they are merged. */
const writesPerUpkeep = 40
const versionsKeptMs = 10 * 60_000

/** Creates the table of one space; its dimensions are those of its first vector. */
export function createLanceTable(connection: Connection, name: string, dimensions: number): Promise<Table> {
  return connection.createEmptyTable(name, schemaOf(dimensions))
}

/** A table with one writer at a time: parallel upserts of one id would each insert it. */
export function openDenseTable(
  table: Table,
  dimensions: number,
  { exactUpTo = defaultExactUpTo }: { exactUpTo?: number } = {},
): DenseTable {
  const writer = createWriter(() => upkeep(table, exactUpTo))
  return {
    dimensions,
    async upsert(points) {
      for (let start = 0; start < points.length; start += pointsPerWrite) {
        const data = toArrow(points.slice(start, start + pointsPerWrite), dimensions)
        await writer.write(() => table.mergeInsert('id').whenMatchedUpdateAll().whenNotMatchedInsertAll().execute(data))
      }
    },
    removeIds: (ids) => writer.write(() => table.delete(isOneOf('id', ids))),
    removeDocument: (documentId) => writer.write(() => table.delete(isOneOf('document_id', [documentId]))),
    async search(vector, { filter, limit }) {
      const where = filter && toLanceFilter(filter)
      const nearest = table
        .query()
        .nearestTo([...vector])
        .distanceType('cosine')
        .ef(Math.max(200, 2 * limit))
        .refineFactor(2)
      const query = (where ? nearest.where(where) : nearest).select(['id', '_distance']).limit(limit)
      const rows: { id: string; _distance: number }[] = await answer(() => query.toArray())
      return rows.map(({ id, _distance }) => ({ id, score: 1 - _distance }))
    },
    settled: () => writer.settled(),
  }
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
      const mine = turn.then(() => answer(work))
      current = mine.catch(() => {})
      turn = current.then(() => (++writes % writesPerUpkeep === 0 ? upkeep().catch(() => {}) : undefined))
      await mine
    },
    async settled() {
      await current
    },
  }
}

async function answer<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw new EngineUnavailable('vectors', error)
  }
}

/** Merges what many small writes left, and builds the index once the table is large; merging also extends an index that is there. */
async function upkeep(table: Table, exactUpTo: number): Promise<void> {
  await table.optimize({ cleanupOlderThan: new Date(Date.now() - versionsKeptMs) })
  if ((await table.countRows()) <= exactUpTo || (await table.listIndices()).length > 0) return
  await table.createIndex('vector', { config: Index.hnswSq({ distanceType: 'cosine', numPartitions: 1 }) })
}

function schemaOf(dimensions: number): Schema {
  return new Schema([
    new Field('id', new Utf8(), false),
    new Field('document_id', new Utf8(), false),
    new Field('content_type', new Utf8(), false),
    new Field('kind', new Utf8(), true),
    new Field('created_at', new Float64(), false),
    new Field('vector', vectorType(dimensions), false),
  ])
}

function vectorType(dimensions: number): FixedSizeList<Float32> {
  return new FixedSizeList(dimensions, new Field('item', new Float32(), true))
}

/** Columns made directly: the library's own conversion of row objects takes ten times as long on the event loop. */
function toArrow(points: readonly DensePoint[], dimensions: number): ArrowTable {
  const values = new Float32Array(points.length * dimensions)
  for (const [index, { vector }] of points.entries()) values.set(vector, index * dimensions)
  const child: Data<Float32> = makeData({ type: new Float32(), length: values.length, data: values })
  const text = (list: readonly (string | null)[]) => vectorFromArray(list, new Utf8())
  const createdAt = Float64Array.from(points, (point) => point.createdAt.getTime())
  return new ArrowTable(schemaOf(dimensions), {
    id: text(points.map(({ id }) => id)),
    document_id: text(points.map(({ documentId }) => documentId)),
    content_type: text(points.map(({ contentType }) => contentType)),
    kind: text(points.map(({ kind }) => kind)),
    created_at: makeVector(makeData({ type: new Float64(), length: points.length, data: createdAt })),
    vector: makeVector(makeData({ type: vectorType(dimensions), length: points.length, nullCount: 0, child })),
  })
}
