import type { Platform } from '@passerelle/platform/subgraph'
import type { Document } from '../document.ts'
import { findUnembedded, saveReading } from '../document.store.ts'
import { loadDocumentChunks } from '../chunk.store.ts'
import { Superseded, writeStatus } from '../status.store.ts'
import { embedTexts } from './embedding.ts'
import { toPoints } from './indexing.ts'
import { createUnderstanding } from './understanding.ts'

/** Embeds what was read while no embedding model answered, now that one does. */
export async function catchUpEmbeddings(platform: Platform, signal: AbortSignal): Promise<void> {
  const model = platform.models.capabilities().embedding
  if (!model) return
  const rows = await platform.sql.query<{ organization_id: string }>('select * from documents.organizations_behind($1)', [model])
  for (const { organization_id: organizationId } of rows) {
    for (;;) {
      const document = await platform.sql.withOrganization({ organizationId }, findUnembedded)
      if (!document || signal.aborted) break
      await embedDocument(platform, document, signal)
    }
  }
}

async function embedDocument(platform: Platform, document: Document, signal: AbortSignal): Promise<void> {
  const scope = { organizationId: document.organizationId }
  const run = { documentId: document.id, run: document.run }
  const chunks = await platform.sql.withOrganization(scope, (tx) => loadDocumentChunks(tx, document.id))
  const dense = await embedTexts(platform, { ...scope, texts: chunks.map((chunk) => chunk.text), signal })
  const { chunks: understood } = await createUnderstanding(platform, { scope, run, signal })()
  await platform.vectors.upsert(scope.organizationId, 'chunks', toPoints(document, { chunks, understood, dense }))
  const degraded = document.status.degraded.filter((stage) => stage !== 'EMBEDDING')
  await platform.sql
    .withOrganization(scope, async (tx) => {
      await saveReading(tx, document.id, { embeddingModel: dense.model })
      if (degraded.length < document.status.degraded.length) await writeStatus(tx, run, { stage: 'READY', degraded })
    })
    .catch((error: unknown) => {
      if (!(error instanceof Superseded)) throw error
    })
}
