import { Cancelled } from '@passerelle/platform/sandbox'
import { EngineUnavailable, QuotaExceeded } from '@passerelle/platform/schema'
import type { Platform, Reindex } from '@passerelle/platform/subgraph'
import { loadDocumentChunks } from '../search/chunk.store.ts'
import { saveReading } from '../document/document.store.ts'
import { Unread } from '../reading/reading.ts'
import { Superseded } from '../status/status.store.ts'
import { findIndexed, listIndexed, postponeEmbedding, settleEmbedding } from './catch-up.store.ts'
import { embedTexts } from './embedding.ts'
import { chunkCollection, toPoints } from './indexing.ts'
import { inRun, type Ingestion } from './ingestion.ts'
import { enqueueIngestion, ingestionQueue } from './queue.ts'

const batch = 500

/**
 * Has the points of an organisation's documents written again, each in a job of its document: of all that have some, or of those that had vectors. New
 * uploads go first.
 */
async function askForPoints(
  { sql, jobs }: Pick<Platform, 'sql' | 'jobs'>,
  organizationId: string,
  what: 'all' | 'dense',
): Promise<void> {
  for (let after: string | null = ''; after !== null;) {
    after = await sql.withOrganization({ organizationId }, async (tx): Promise<string | null> => {
      const runs = await listIndexed(tx, { after: after ?? '', limit: batch, embeddedOnly: what === 'dense' })
      for (const run of runs) await enqueueIngestion(tx, jobs, { ...run, anew: true, priority: -1 })
      return runs.length < batch ? null : (runs.at(-1)?.documentId ?? null)
    })
  }
}

export const reindex: Reindex = {
  ask: askForPoints,
  remaining: ({ jobs }, organizationId) => jobs.unfinished(ingestionQueue, { organizationId, data: { anew: true } }),
  settle: ({ sql, vectors }, organizationId) =>
    vectors.renewal.settle(organizationId, chunkCollection, (documentIds) =>
      sql.withOrganization({ organizationId }, (tx) => findIndexed(tx, documentIds)),
    ),
}

/**
 * Writes the points of a document that is READY once more, from its rows. Without an embedding model they come without vectors, which are caught up
 * when there is one again. One whose text cannot be understood again keeps those that it has; so does one that had vectors and would lose them, where the
 * former index goes on serving.
 */
export async function indexAnew(ingestion: Ingestion): Promise<void> {
  try {
    await writeAnew(ingestion)
  } catch (error) {
    ingestion.signal.throwIfAborted()
    // What fails for this document alone must not keep the index from ever being whole.
    if (isPassing(error) || !(await keepPoints(ingestion))) throw error
    ingestion.platform.log.error({ ...ingestion.run, err: error }, 'the points of a document stay as they are')
  }
}

function isPassing(error: unknown): boolean {
  return error instanceof EngineUnavailable || error instanceof Superseded || error instanceof Cancelled
}

/** Answers whether there is another index that they go on in. */
function keepPoints({ platform, scope, document }: Ingestion): Promise<boolean> {
  return platform.vectors.renewal.carryOver(scope.organizationId, chunkCollection, document.id)
}

async function writeAnew(ingestion: Ingestion): Promise<void> {
  const { platform, scope, run, document, understanding, signal } = ingestion
  const { organizationId } = scope
  const chunks = await inRun(ingestion, (tx) => loadDocumentChunks(tx, document.id))
  const understood = await understanding().catch((error: unknown) => {
    if (!(error instanceof Unread)) throw error
    platform.log.warn({ ...run, err: error }, 'the points of a document stay as they are')
    return null
  })
  if (!understood) return void (await keepPoints(ingestion))
  const texts = chunks.map((chunk) => chunk.text)
  const dense = await embedTexts(platform, { organizationId, texts, signal }).catch((error: unknown) => {
    if (error instanceof EngineUnavailable || error instanceof QuotaExceeded) return null
    throw error
  })
  signal.throwIfAborted()
  if (!dense && document.embeddingModel !== null && (await keepPoints(ingestion))) return
  const points = toPoints(document, { chunks, understood: understood.chunks, dense })
  await platform.vectors.replaceDocument(organizationId, chunkCollection, { documentId: document.id, points })
  await inRun(ingestion, async (tx) => {
    await saveReading(tx, document.id, { embeddingModel: dense?.model ?? null })
    await (dense ? settleEmbedding(tx, document.id) : postponeEmbedding(tx, document.id))
  })
}
