import type { Point } from '@passerelle/platform/vectors'
import { loadDocumentChunks, type Chunk } from '../chunk.store.ts'
import type { Document } from '../document.ts'
import { findDocument, saveReading } from '../document.store.ts'
import { Superseded } from '../status.store.ts'
import type { Ingestion } from './ingestion.ts'
import type { Understood } from './understand.task.ts'

export const chunkCollection = 'chunks'

/** The chunks as points of the search index; those of an earlier run are taken out first. */
export const indexStage = { stage: 'INDEXING' as const, run: index }

async function index({ platform, scope, run, document, understanding, dense }: Ingestion): Promise<void> {
  const { chunks: understood } = await understanding()
  const [chunks, current] = await platform.sql.withOrganization(scope, async (tx) => [
    await loadDocumentChunks(tx, document.id),
    await findDocument(tx, document.id),
  ])
  if (!current) throw new Superseded(run)
  await platform.vectors.removeDocument(scope.organizationId, chunkCollection, document.id)
  await platform.vectors.upsert(scope.organizationId, chunkCollection, toPoints(current, { chunks, understood, dense }))
  if (dense) await platform.sql.withOrganization(scope, (tx) => saveReading(tx, document.id, { embeddingModel: dense.model }))
}

/** Chunks as points: `understood` has their terms, `dense` their vectors, both in the order of the chunks. */
export function toPoints(
  document: Document,
  { chunks, understood, dense }: { chunks: readonly Chunk[]; understood: Understood['chunks']; dense: Ingestion['dense'] },
): Point[] {
  return chunks.map((chunk, position) => ({
    id: chunk.id,
    documentId: document.id,
    terms: understood[chunk.index]?.terms ?? new Map(),
    dense: toDense(dense, position),
    contentType: document.contentType,
    kind: document.kind,
    createdAt: document.createdAt,
  }))
}

function toDense(dense: Ingestion['dense'], position: number): Point['dense'] {
  const vector = dense?.vectors[position]
  return dense && vector ? { model: dense.model, vector } : null
}
