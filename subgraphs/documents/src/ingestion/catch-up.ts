import { EngineUnavailable } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'
import { loadDocumentChunks } from '../chunk.store.ts'
import { saveReading } from '../document.store.ts'
import { clearDegraded } from '../status.store.ts'
import { postponeEmbedding, takeUnembedded } from './catch-up.store.ts'
import { embedTexts } from './embedding.ts'
import { chunkCollection, toPoints } from './indexing.ts'
import { inRun, type Ingestion } from './ingestion.ts'
import { enqueueIngestion } from './queue.ts'

/** How many documents of an organisation one round asks for. */
const mostAtOnce = 100

/**
 * Asks for the vectors of documents that were read while no embedding model answered, when one does now: each a job of its document, so that it
 * takes turns with whatever else is done to it. New uploads go first.
 */
export async function askForEmbeddings({ models, sql, jobs }: Platform, now: Date = new Date()): Promise<void> {
  if (!models.configured()) return
  const behind = await sql.query<{ organization_id: string }>(
    'select * from documents.organizations_without_embeddings($1)',
    [now],
  )
  for (const { organization_id: organizationId } of behind) {
    if (!(await models.capabilities(organizationId)).embedding) continue
    await sql.withOrganization({ organizationId }, async (tx) => {
      for (const run of await takeUnembedded(tx, { now, limit: mostAtOnce }))
        await enqueueIngestion(tx, jobs, { ...run, priority: -1 })
    })
  }
}

/** Adds the vectors to a document that is READY without them. A model that went away meanwhile is waited for. */
export async function embedLater(ingestion: Ingestion): Promise<void> {
  const { platform, scope, run, document, understanding, signal } = ingestion
  if (document.embeddingModel !== null) return
  const { organizationId } = scope
  try {
    const chunks = await inRun(ingestion, (tx) => loadDocumentChunks(tx, document.id))
    const dense = await embedTexts(platform, { organizationId, texts: chunks.map((chunk) => chunk.text), signal })
    const { chunks: understood } = await understanding()
    await platform.vectors.upsert(organizationId, chunkCollection, toPoints(document, { chunks, understood, dense }))
    await inRun(ingestion, async (tx) => {
      await saveReading(tx, document.id, { embeddingModel: dense.model })
      await clearDegraded(tx, run, 'EMBEDDING')
    })
  } catch (error) {
    if (!(error instanceof EngineUnavailable) || error.engine !== 'models') throw error
    await inRun(ingestion, (tx) => postponeEmbedding(tx, document.id))
  }
}
