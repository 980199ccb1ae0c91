import DataLoader from 'dataloader'
import type { Viewer } from '@passerelle/platform/schema'
import type { Sql, Tx } from '@passerelle/platform/sql'
import { loadChunks, loadChunksAt, type Chunk, type ChunkPlace } from './chunk.store.ts'
import type { Document } from './document.ts'
import { loadDocuments } from './document.store.ts'
import { countMentions } from './mention.store.ts'

export interface Loaders {
  document: DataLoader<string, Document | null>
  chunk: DataLoader<string, Chunk | null>
  chunkAt: DataLoader<ChunkPlace, Chunk | null, string>
  mentionCount: DataLoader<string, number>
}

/** Loaders of one request, in the viewer's organisation; without a viewer, or one who may not read documents, everything is null. */
export function createLoaders(sql: Sql, viewer: Viewer | null): Loaders {
  const reader = viewer?.scopes.includes('document:read') ? viewer : null
  const inBatches = <Value>(load: (tx: Tx, ids: readonly string[]) => Promise<Map<string, Value>>) =>
    new DataLoader<string, Value | null>(async (ids) => {
      if (!reader) return ids.map(() => null)
      const found = await sql.withOrganization(reader, (tx) => load(tx, ids))
      return ids.map((id) => found.get(id) ?? null)
    })
  return {
    document: inBatches(loadDocuments),
    chunk: inBatches(loadChunks),
    chunkAt: new DataLoader(
      async (places) => (reader ? sql.withOrganization(reader, (tx) => loadChunksAt(tx, places)) : places.map(() => null)),
      { cacheKeyFn: ({ documentId, index }) => `${documentId} ${index}` },
    ),
    mentionCount: new DataLoader(async (ids) => {
      const counts = reader ? await countMentions(sql, reader, ids) : new Map<string, number>()
      return ids.map((id) => counts.get(id) ?? 0)
    }),
  }
}
