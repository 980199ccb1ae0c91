import { EngineUnavailable, QuotaExceeded } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'
import { loadDocumentChunks } from '../search/chunk.store.ts'
import { writeShare, type Ingestion } from './ingestion.ts'

const batch = 32

/** Vectors of the chunks, when there is a server that may be told them; while it does not answer, the document is degraded and caught up later. */
export const embedStage = {
  stage: 'EMBEDDING' as const,
  needed: ({ platform, scope }: Ingestion) => platform.models.configuredFor(scope.organizationId),
  run: embed,
}

async function embed(ingestion: Ingestion): Promise<void> {
  const { platform, scope, document, signal } = ingestion
  const chunks = await platform.sql.withOrganization(scope, (tx) => loadDocumentChunks(tx, document.id))
  try {
    ingestion.dense = await embedTexts(platform, {
      organizationId: scope.organizationId,
      texts: chunks.map((chunk) => chunk.text),
      signal,
      onShare: (share) => writeShare(ingestion, 'EMBEDDING', share),
    })
    ingestion.degraded.delete('EMBEDDING')
  } catch (error) {
    if (!(error instanceof EngineUnavailable || error instanceof QuotaExceeded)) throw error
    ingestion.degraded.add('EMBEDDING')
  }
}

/** One vector per text, batch after batch, all of one model. */
export async function embedTexts(
  { models }: Platform,
  {
    organizationId,
    texts,
    signal,
    onShare = () => Promise.resolve(),
  }: {
    organizationId: string
    texts: readonly string[]
    signal: AbortSignal
    onShare?: (share: number) => Promise<void>
  },
): Promise<{ model: string; vectors: number[][] }> {
  const vectors: number[][] = []
  let model = ''
  for (let start = 0; start < texts.length; start += batch) {
    const answer = await models.embed({
      organizationId,
      userId: null,
      task: 'embed chunks',
      priority: 'batch',
      purpose: 'passage',
      texts: texts.slice(start, start + batch),
      signal,
    })
    if (model && model !== answer.model) throw new EngineUnavailable('models')
    model = answer.model
    vectors.push(...answer.vectors)
    await onShare(vectors.length / texts.length)
  }
  return { model, vectors }
}
