import type { Point } from '@passerelle/platform/vectors'
import { loadDocumentChunks, type Chunk } from '../search/chunk.store.ts'
import { requireDocument, type Document } from '../document/document.ts'
import { saveReading } from '../document/document.store.ts'
import { inRun, type Ingestion } from './ingestion.ts'
import type { Understood } from './understand.task.ts'

export const chunkCollection = 'chunks'

/** The chunks as points of the search index, in place of those of an earlier run. */
export const indexStage = { stage: 'INDEXING' as const, run: index }

async function index(ingestion: Ingestion): Promise<void> {
  const { platform, scope, document, understanding, dense } = ingestion
  const { chunks: understood } = await understanding()
  const { chunks, current } = await inRun(ingestion, async (tx) => ({
    chunks: await loadDocumentChunks(tx, document.id),
    current: await requireDocument(tx, document.id),
  }))
  const points = toPoints(current, { chunks, understood, dense })
  await platform.vectors.replaceDocument(scope.organizationId, chunkCollection, { documentId: document.id, points })
  if (dense) await inRun(ingestion, (tx) => saveReading(tx, document.id, { embeddingModel: dense.model }))
}

/** Chunks as points: `understood` has their terms, `dense` their vectors, both in the order of the chunks. */
export function toPoints(
  document: Document,
  {
    chunks,
    understood,
    dense,
  }: { chunks: readonly Chunk[]; understood: Understood['chunks']; dense: Ingestion['dense'] },
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
