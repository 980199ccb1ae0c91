import DataLoader from 'dataloader'
import type { Viewer } from '@passerelle/platform/schema'
import type { Sql, Tx } from '@passerelle/platform/sql'
import { loadChunks, loadChunksAt, type Chunk, type ChunkPlace } from './search/chunk.store.ts'
import type { Collection } from './collections/collection.ts'
import { countDocumentsIn, loadCollections, loadCollectionsOf } from './collections/collection.store.ts'
import type { Document } from './document/document.ts'
import { loadDocuments } from './document/document.store.ts'
import { countMentions } from './mentions/mention.store.ts'
import { loadPagesAt, type PagePlace } from './pages/page.store.ts'
import type { ReadPage } from './reading/reading.ts'
import { loadTimings, type StageTiming } from './status/stage.store.ts'
import type { Run } from './status/status.store.ts'

export interface Loaders {
  document: DataLoader<string, Document | null>
  chunk: DataLoader<string, Chunk | null>
  chunkAt: DataLoader<ChunkPlace, Chunk | null, string>
  page: DataLoader<PagePlace, ReadPage | null, string>
  timings: DataLoader<Run, StageTiming[], string>
  mentionCount: DataLoader<string, number>
  collection: DataLoader<string, Collection | null>
  collectionsOf: DataLoader<string, Collection[]>
  collectionSize: DataLoader<string, number>
}

/** Loaders of one request, in the viewer's organisation; for one who may not read documents, or nobody, there is nothing. */
export function createLoaders(sql: Sql, viewer: Viewer | null): Loaders {
  const reader = viewer?.scopes.includes('document:read') ? viewer : null
  const inBatches = <Key, Value>(
    load: (tx: Tx, keys: readonly Key[]) => Promise<Value[]>,
    { nothing, keyOf }: { nothing: Value; keyOf: (key: Key) => string },
  ) =>
    new DataLoader<Key, Value, string>(
      async (keys) => (reader ? sql.withOrganization(reader, (tx) => load(tx, keys)) : keys.map(() => nothing)),
      { cacheKeyFn: keyOf },
    )
  const byId = <Value>(load: (tx: Tx, ids: readonly string[]) => Promise<Map<string, Value>>) => {
    const inOrder = async (tx: Tx, ids: readonly string[]): Promise<(Value | null)[]> => {
      const found = await load(tx, ids)
      return ids.map((id) => found.get(id) ?? null)
    }
    return inBatches(inOrder, { nothing: null, keyOf: (id) => id })
  }
  const allById = async (tx: Tx, ids: readonly string[]): Promise<Collection[][]> => {
    const found = await loadCollectionsOf(tx, ids)
    return ids.map((id) => found.get(id) ?? [])
  }
  const sizes = async (tx: Tx, ids: readonly string[]): Promise<number[]> => {
    const counts = await countDocumentsIn(tx, ids)
    return ids.map((id) => counts.get(id) ?? 0)
  }
  return {
    document: byId(loadDocuments),
    collection: byId(loadCollections),
    collectionsOf: inBatches(allById, { nothing: [], keyOf: (id) => id }),
    collectionSize: inBatches(sizes, { nothing: 0, keyOf: (id) => id }),
    chunk: byId(loadChunks),
    chunkAt: inBatches(loadChunksAt, { nothing: null, keyOf: ({ documentId, index }) => `${documentId} ${index}` }),
    page: inBatches(loadPagesAt, { nothing: null, keyOf: ({ documentId, number }) => `${documentId} ${number}` }),
    timings: inBatches(loadTimings, { nothing: [], keyOf: ({ documentId, run }) => `${documentId} ${run}` }),
    mentionCount: new DataLoader(async (ids) => {
      const counts = reader ? await countMentions(sql, reader, ids) : new Map<string, number>()
      return ids.map((id) => counts.get(id) ?? 0)
    }),
  }
}
