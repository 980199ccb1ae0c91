import { LRUCache } from 'lru-cache'
import { EngineUnavailable } from '../schema/refusals.ts'
import { tokensOf } from './context.ts'
import { withRetries, type RunCall } from './calls.ts'
import { spaceOf, type Choosing } from './choosing.ts'
import type { EmbeddingRequest, Models } from './models.ts'

/** Texts per request, and so per lease. */
const BATCH = 32
const REMEMBERED_QUERIES = 2_000

/** Questions are often asked again; their vectors are remembered per organisation and model. */
export function createEmbed(choosing: Choosing, run: RunCall): Models['embed'] {
  const remembered = new LRUCache<string, number[]>({ max: REMEMBERED_QUERIES })

  return async function embed(request: EmbeddingRequest) {
    const { texts, purpose, organizationId, task } = request
    const chosen = await (request.space === undefined
      ? choosing.embedder(organizationId, task)
      : choosing.embedderOf(organizationId, request.space))
    if (!chosen) throw new EngineUnavailable('models')
    const { source, model } = chosen
    const space = spaceOf(chosen)
    const keyOf = (text: string) => JSON.stringify([organizationId, space, model.digest, text])
    const vectors = new Map<string, number[]>()
    for (const text of purpose === 'query' ? texts : []) {
      const vector = remembered.get(keyOf(text))
      if (vector) vectors.set(text, vector)
    }
    const missing = [...new Set(texts)].filter((text) => !vectors.has(text))
    if (missing.length > 0) {
      const start = { context: request, source, model, prompt: null, input: null, tokens: tokensOf(missing) }
      await run({ ...start, kind: 'embed' }, async (call) => {
        for (let start = 0; start < missing.length; start += BATCH) {
          const batch = missing.slice(start, start + BATCH)
          const answer = await call.withLease((signal) =>
            withRetries(() => source.provider.embed({ model, texts: batch, purpose }, signal), signal),
          )
          call.inputTokens = (call.inputTokens ?? 0) + (answer.inputTokens ?? tokensOf(batch))
          for (const [index, text] of batch.entries()) vectors.set(text, answer.vectors[index] ?? [])
        }
      })
    }
    if (purpose === 'query') for (const text of missing) remembered.set(keyOf(text), vectors.get(text) ?? [])
    return { model: space, vectors: texts.map((text) => vectors.get(text) ?? []) }
  }
}
