import type { Log } from '../../log/log.ts'
import { requireVector } from '../input.ts'
import type { Point, Vectors } from '../vectors.ts'
import { connectQdrant, type QdrantTarget } from './calls.ts'
import { openCollection, requireVersion, type QdrantCollection, type QdrantLayout } from './collection.ts'
import { isOneOf, ofShelf, type Shelf } from './filter.ts'
import { createClock, toQdrantPoint } from './points.ts'
import { search, type Index } from './search.ts'

export interface QdrantOptions extends QdrantTarget {
  log: Log
  /** Of a collection that is yet to be made; one shard and one replica when left out. */
  layout?: QdrantLayout | undefined
  /** The alias of the collection; another one is another, empty index. */
  alias?: string
  /** How long a call waits, in milliseconds; 30 seconds when left out. */
  patience?: number
}

const pointsPerWrite = 250

/**
 * The search index on a Qdrant of its own, version 1.19 or later. Opens whether it answers or not: until it does, every verb throws EngineUnavailable,
 * and the first one that reaches it makes its collection.
 */
export function openQdrantVectors({ log, layout, alias = 'passerelle', patience, ...target }: QdrantOptions): Vectors {
  const calls = connectQdrant(target, patience)
  const { shards = 1, replicas = 1 } = layout ?? {}
  const collection = openCollection(calls, { alias, layout: { shards, replicas }, log })
  // With several copies of a shard a search must not ask one that has not heard of the last write yet.
  const consistency = replicas > 1 ? { consistency: 'majority' as const } : {}
  const index: Index = {
    calls,
    collection,
    async query(request) {
      const name = await collection.name()
      const { points } = await calls((client) => client.query(name, { ...request, ...consistency }))
      return points
    },
  }
  const clock = createClock()
  return {
    upsert: (organizationId, name, points) => upsert(index, { organizationId, collection: name }, { points, clock }),
    removeDocument: (organizationId, name, documentId) =>
      removeDocument(index, { organizationId, collection: name }, documentId),
    search: (organizationId, name, query) => search(index, { organizationId, collection: name }, query),
    pointsWithoutDense: (organizationId, name, query) =>
      pointsWithoutDense(index, { organizationId, collection: name }, query),
    async count(organizationId, name) {
      const filter = ofShelf({ organizationId, collection: name })
      const alias = await collection.name()
      const { count } = await calls((client) => client.count(alias, { filter, exact: true }))
      return count
    },
    health: async () => void (await calls((client) => client.versionInfo())),
    async close() {
      calls.close()
    },
  }
}

/** What answers at an address, such as `Qdrant 1.19.0`; throws EngineUnavailable when nothing does, or what does is too old. */
export async function probeQdrant(target: QdrantTarget): Promise<string> {
  return `Qdrant ${await requireVersion(connectQdrant(target, 5_000))}`
}

/** Everything is looked at before anything is written. Long lists go in pieces, each of which the engine takes whole. */
async function upsert(
  index: Index,
  shelf: Shelf,
  { points, clock }: { points: readonly Point[]; clock: () => number },
): Promise<void> {
  const distinct = [...new Map(points.map((point) => [point.id, point])).values()]
  const vectors = await openSpaces(index.collection, distinct)
  const rows = distinct.map((point) =>
    toQdrantPoint(shelf, point, { vector: vectors.get(point.dense?.model ?? '') ?? null, written: clock() }),
  )
  const name = await index.collection.name()
  for (let start = 0; start < rows.length; start += pointsPerWrite) {
    const batch = rows.slice(start, start + pointsPerWrite)
    await index.calls((client) => client.upsert(name, { points: batch, wait: true, ordering: 'medium' }))
  }
}

/** The named vector of each model that the points bring; refuses vectors that do not fit. */
async function openSpaces(collection: QdrantCollection, points: readonly Point[]): Promise<Map<string, string>> {
  const dense = points.flatMap((point) => point.dense ?? [])
  for (const { vector } of dense) requireVector(vector)
  const names = new Map<string, string>()
  for (const [model, group] of Map.groupBy(dense, (side) => side.model)) {
    const space = await collection.findOrCreateSpace(model, group[0]?.vector.length ?? 0)
    for (const { vector } of group) requireVector(vector, space.dimensions)
    names.set(model, space.vector)
  }
  return names
}

async function removeDocument({ calls, collection }: Index, shelf: Shelf, documentId: string): Promise<void> {
  const filter = { must: [...ofShelf(shelf).must, isOneOf('document_id', [documentId])] }
  const name = await collection.name()
  await calls((client) => client.delete(name, { filter, wait: true, ordering: 'medium' }))
}

async function pointsWithoutDense(
  { calls, collection }: Index,
  shelf: Shelf,
  { model, limit }: { model: string; limit: number },
): Promise<string[]> {
  const space = await collection.findSpace(model)
  const name = await collection.name()
  const { points } = await calls((client) =>
    client.scroll(name, {
      filter: { ...ofShelf(shelf), ...(space ? { must_not: [{ has_vector: space.vector }] } : {}) },
      order_by: 'written',
      limit,
      with_payload: ['id'],
    }),
  )
  return points.map(({ payload }) => String(payload?.id))
}
