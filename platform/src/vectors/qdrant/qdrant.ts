export { probeQdrant, type QdrantProbe } from './probe.ts'

import type { Log } from '../../log/log.ts'
import { requireVector } from '../input.ts'
import type { Point, Vectors } from '../vectors.ts'
import { connectQdrant, type QdrantTarget } from './calls.ts'
import { openCollection, type QdrantCollection } from './collection.ts'
import { ofDocument, ofShelf, type Shelf } from './filter.ts'
import type { QdrantLayout } from './layout.ts'
import { createClock, pointId, toQdrantPoint } from './points.ts'
import { createRenewal, type QdrantRenewal } from './renewal.ts'
import { search, type Index } from './search.ts'
import { createSnapshots, type Snapshots } from './snapshots.ts'

export interface QdrantOptions extends QdrantTarget {
  log: Log
  /** Of a collection that is yet to be made; one shard and one replica when left out. */
  layout?: QdrantLayout | undefined
  /** The alias of the collection; another one is another, empty index. */
  alias?: string
  /** How long a call waits, in milliseconds; ten seconds for what only reads and 30 for the rest when left out. */
  patience?: number
}

/** The port, and what this engine can do beyond it. */
export interface QdrantVectors extends Vectors {
  renewal: QdrantRenewal
  snapshots: Snapshots
}

const pointsPerWrite = 250

/**
 * The search index on a Qdrant of its own, version 1.19 or later. Opens whether it answers or not: until it does, every verb throws EngineUnavailable,
 * and the first one that reaches it makes its collection.
 */
export function openQdrantVectors(options: QdrantOptions): QdrantVectors {
  const { log, layout, alias = 'passerelle', patience, ...target } = options
  const calls = connectQdrant(target, patience)
  const { shards = 1, replicas = 1 } = layout ?? {}
  const place = { alias, layout: { shards, replicas } }
  const collection = openCollection(calls, { ...place, log })
  // With several copies of a shard a search must not ask one that has not heard of the last write yet.
  const consistency = replicas > 1 ? { consistency: 'majority' as const } : {}
  const index: Index = {
    calls,
    collection,
    async query(name, request) {
      const { points } = await calls.read((client) => client.query(name, { ...request, ...consistency }))
      return points
    },
  }
  const clock = createClock()
  return {
    upsert: (organizationId, name, points) => upsert(index, { organizationId, collection: name }, { points, clock }),
    replaceDocument: (organizationId, name, { documentId, points }) =>
      replaceDocument(index, { organizationId, collection: name }, { documentId, points, clock }),
    removeDocument: (organizationId, name, documentId) =>
      removeDocument(index, { organizationId, collection: name }, documentId),
    search: (organizationId, name, query) => search(index, { organizationId, collection: name }, query),
    pointsWithoutDense: (organizationId, name, query) =>
      pointsWithoutDense(index, { organizationId, collection: name }, query),
    async count(organizationId, name) {
      const filter = ofShelf({ organizationId, collection: name })
      const read = (from: string) => calls.read((client) => client.count(from, { filter, exact: true }))
      return (await collection.read(read)).count
    },
    // It takes the space again by itself, when a segment has enough that was removed; nobody can ask it to.
    async compact() {},
    renewal: createRenewal(calls, place),
    snapshots: createSnapshots(calls, { target, alias }),
    health: async () => void (await calls.read((client) => client.versionInfo())),
    async close() {
      calls.close()
    },
  }
}

/** Everything is looked at before anything is written. Long lists go in pieces, each of which the engine takes whole. */
async function upsert(
  { calls, collection }: Index,
  shelf: Shelf,
  { points, clock }: { points: readonly Point[]; clock: () => number },
): Promise<void> {
  const distinct = [...new Map(points.map((point) => [point.id, { ...point, written: clock() }])).values()]
  for (const { dense } of distinct) if (dense) requireVector(dense.vector)
  await collection.write(async (name) => {
    const spaces = await openSpaces(collection, name, distinct)
    const rows = distinct.map((point) => toQdrantPoint(shelf, point, spaces.get(point.dense?.model ?? '') ?? null))
    for (let start = 0; start < rows.length; start += pointsPerWrite) {
      const batch = rows.slice(start, start + pointsPerWrite)
      await calls((client) => client.upsert(name, { points: batch, wait: true, ordering: 'medium' }))
    }
  })
}

/** The named vector of each model that the points bring; refuses vectors that do not fit. */
async function openSpaces(
  collection: QdrantCollection,
  name: string,
  points: readonly Point[],
): Promise<Map<string, string>> {
  const dense = points.flatMap((point) => point.dense ?? [])
  const vectors = new Map<string, string>()
  for (const [model, group] of Map.groupBy(dense, (side) => side.model)) {
    const space = await collection.findOrCreateSpace(name, { model, dimensions: group[0]?.vector.length ?? 0 })
    for (const { vector } of group) requireVector(vector, space.dimensions)
    vectors.set(model, space.vector)
  }
  return vectors
}

/** The new points first, so that the document is never without; then the former ones that none of them has replaced. */
async function replaceDocument(
  index: Index,
  shelf: Shelf,
  { documentId, points, clock }: { documentId: string; points: readonly Point[]; clock: () => number },
): Promise<void> {
  await upsert(index, shelf, { points, clock })
  const ids = points.map(({ id }) => pointId(shelf, id))
  const filter = { must: ofDocument(shelf, documentId).must, must_not: [{ has_id: ids }] }
  await index.collection.write(async (name) => {
    await index.calls((client) => client.delete(name, { filter, wait: true, ordering: 'medium' }))
  })
}

async function removeDocument({ calls, collection }: Index, shelf: Shelf, documentId: string): Promise<void> {
  const filter = ofDocument(shelf, documentId)
  await collection.write(async (name) => {
    await calls((client) => client.delete(name, { filter, wait: true, ordering: 'medium' }))
  })
}

async function pointsWithoutDense(
  { calls, collection }: Index,
  shelf: Shelf,
  { model, limit }: { model: string; limit: number },
): Promise<string[]> {
  return collection.read(async (name) => {
    const space = await collection.findSpace(name, model)
    const filter = { ...ofShelf(shelf), ...(space ? { must_not: [{ has_vector: space.vector }] } : {}) }
    const { points } = await calls.read((client) =>
      client.scroll(name, { filter, order_by: 'written', limit, with_payload: ['id'] }),
    )
    return points.map(({ payload }) => String(payload?.id))
  })
}
