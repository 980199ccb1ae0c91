import type { Schemas } from '@qdrant/js-client-rest'
import type { Renewal } from '../vectors.ts'
import { followingName, nextAlias, readAliases, setAlias, swapAliases } from './aliases.ts'
import type { QdrantCalls } from './calls.ts'
import { ofDocument, type Shelf } from './filter.ts'
import { createCollection, unlessThere, type QdrantLayout } from './layout.ts'

/** The port's renewal in a second collection, behind an alias that takes the first one's name: also for another number of shards or replicas. */
export interface QdrantRenewal extends Renewal {
  /** Removes what was begun; harmless when nothing was. */
  abandon(): Promise<void>
}

const pointsAtOnce = 250

export function createRenewal(
  calls: QdrantCalls,
  { alias, layout }: { alias: string; layout: QdrantLayout },
): QdrantRenewal {
  return {
    async begin() {
      const { current, next } = await readAliases(calls, alias)
      if (next) return
      const name = followingName(alias, current)
      await createCollection(calls, name, layout)
      await setAlias(calls, nextAlias(alias), name)
    },
    async carryOver(organizationId, collection, documentId) {
      const { current, next } = await readAliases(calls, alias)
      if (!current || !next) return false
      await copyVectorNames(calls, current, next)
      await copyDocument(calls, { from: current, to: next }, { shelf: { organizationId, collection }, documentId })
      return true
    },
    // What is gone was not written to the new collection.
    settle: () => Promise.resolve(),
    async finish() {
      const { current, next } = await readAliases(calls, alias)
      if (!next) return
      await swapAliases(calls, alias, next)
      if (current) await calls((client) => client.deleteCollection(current))
    },
    async abandon() {
      const { next } = await readAliases(calls, alias)
      if (next) await calls((client) => client.deleteCollection(next))
    },
  }
}

async function copyVectorNames(calls: QdrantCalls, from: string, to: string): Promise<void> {
  const { config } = await calls.read((client) => client.getCollection(from))
  for (const [name, params] of Object.entries<unknown>({ ...config.params.vectors })) {
    const size = typeof params === 'object' && params !== null && 'size' in params ? Number(params.size) : 0
    const dense = { size, distance: 'Cosine' as const }
    await unlessThere(() => calls((client) => client.createVectorName(to, name, { dense }, { wait: true })))
  }
}

async function copyDocument(
  calls: QdrantCalls,
  { from, to }: { from: string; to: string },
  { shelf, documentId }: { shelf: Shelf; documentId: string },
): Promise<void> {
  const filter = ofDocument(shelf, documentId)
  for (let offset: string | number | undefined; ;) {
    const page = {
      filter,
      limit: pointsAtOnce,
      with_payload: true,
      with_vector: true,
      ...(offset !== undefined && { offset }),
    }
    const { points, next_page_offset } = await calls.read((client) => client.scroll(from, page))
    // What is read has the form of what is written.
    const rows = points.map(({ id, vector, payload }) => ({ id, vector, payload })) as Schemas['PointStruct'][]
    if (rows.length > 0) await calls((client) => client.upsert(to, { points: rows, wait: true, ordering: 'medium' }))
    if (typeof next_page_offset !== 'string' && typeof next_page_offset !== 'number') return
    offset = next_page_offset
  }
}
