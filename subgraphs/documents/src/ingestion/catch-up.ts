import { EngineUnavailable, QuotaExceeded } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'
import { loadDocumentChunks } from '../search/chunk.store.ts'
import { saveReading } from '../document/document.store.ts'
import { clearDegraded } from '../status/status.store.ts'
import { postponeEmbedding, settleEmbedding, takeEmbeddedBy, takeUnembedded } from './catch-up.store.ts'
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

/**
 * Asks for the vectors of documents that have another model's than their organisation uses now: vectors of two models cannot be compared, and
 * a question is put in those of the present one alone. Until its turn a document is found by its words.
 */
export async function askForNewEmbeddings({ models, sql, jobs }: Platform, now: Date = new Date()): Promise<void> {
  if (!models.configured()) return
  const found = await sql.query<{ organization_id: string; embedding_model: string }>(
    'select * from documents.embedding_models($1)',
    [now],
  )
  for (const { organization_id: organizationId, embedding_model: model } of found) {
    const { embedding } = await models.capabilities(organizationId)
    if (embedding === null || embedding === model) continue
    await sql.withOrganization({ organizationId }, async (tx) => {
      for (const run of await takeEmbeddedBy(tx, { model, now, limit: mostAtOnce }))
        await enqueueIngestion(tx, jobs, { ...run, priority: -1 })
    })
  }
}

/**
 * Gives a document that is READY the vectors of its organisation's model, when it has none or another's. A model that went away meanwhile is
 * waited for.
 */
export async function embedLater(ingestion: Ingestion): Promise<void> {
  const { platform, scope, run, document, understanding, signal } = ingestion
  const { organizationId } = scope
  const { embedding } = await platform.models.capabilities(organizationId)
  if (document.embeddingModel !== null && (embedding === null || embedding === document.embeddingModel))
    return inRun(ingestion, (tx) => settleEmbedding(tx, document.id))
  try {
    const chunks = await inRun(ingestion, (tx) => loadDocumentChunks(tx, document.id))
    const dense = await embedTexts(platform, { organizationId, texts: chunks.map((chunk) => chunk.text), signal })
    const { chunks: understood } = await understanding()
    await platform.vectors.upsert(organizationId, chunkCollection, toPoints(document, { chunks, understood, dense }))
    await inRun(ingestion, async (tx) => {
      await saveReading(tx, document.id, { embeddingModel: dense.model })
      await settleEmbedding(tx, document.id)
      await clearDegraded(tx, run, 'EMBEDDING')
    })
  } catch (error) {
    const later = error instanceof QuotaExceeded || (error instanceof EngineUnavailable && error.engine === 'models')
    if (!later) throw error
    await inRun(ingestion, (tx) => postponeEmbedding(tx, document.id))
  }
}
