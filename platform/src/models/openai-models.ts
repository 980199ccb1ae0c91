import type { ProviderModel } from './provider.ts'

/** A model as a server lists it. */
export interface ListedModel {
  id: string
  max_model_len?: number | null | undefined
  context_length?: number | null | undefined
  meta?: { n_ctx_train?: number | null | undefined } | null | undefined
}

const EMBEDS = /embed|(^|[-_/])(bge|gte|e5|minilm|jina|voyage)([-_/]|$)|minilm/i
/** What the same list holds that neither writes nor embeds. */
const OTHER = /whisper|tts|transcri|audio|realtime|dall-e|image|sora|moderation|rerank|babbage|davinci/i

/** What a model can do is not in the list: its name tells. */
export function toOpenAIModel(listed: ListedModel, sizeMiB: number): ProviderModel {
  const { id } = listed
  return {
    name: id,
    digest: null,
    sizeMiB,
    skills: OTHER.test(id) ? [] : EMBEDS.test(id) ? ['embedding'] : ['chat'],
    contextLength: listed.max_model_len ?? listed.context_length ?? listed.meta?.n_ctx_train ?? null,
    details: null,
  }
}
