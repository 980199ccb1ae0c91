import { Ollama } from 'ollama'
import { z } from 'zod'
import { requireFitting } from './context.ts'
import { createDeadline } from './deadline.ts'
import { toPromptedText } from './embedding-prompts.ts'
import { createFetch, toFailure } from './http.ts'
import { createOllamaLibrary } from './ollama-library.ts'
import { ModelFailure, type ChatCall, type ChatPart, type ModelProvider, type ProviderModel } from './provider.ts'
import { requireVectors } from './vectors.ts'

export interface OllamaOptions {
  url: string
  timeouts?: Partial<OllamaTimeouts>
  /** How long the server keeps a model on the card after a call. */
  keepAlive?: string
}

/** Milliseconds. The first token waits for the model to be loaded and the prompt to be read, on a machine that may have no GPU. */
export interface OllamaTimeouts {
  connect: number
  firstToken: number
  idle: number
  embed: number
}

const TIMEOUTS: OllamaTimeouts = { connect: 3_000, firstToken: 240_000, idle: 60_000, embed: 240_000 }

/** The server's own context is 2–4 thousand tokens and cuts a longer prompt silently; it is therefore always asked for one of these. */
const SMALLEST = 4_096
const CONTEXTS = [SMALLEST, 8_192, 16_384, 32_768, 65_536, 131_072]

/** Models of an Ollama server (https://ollama.com), through its own client. */
export function createOllama({ url, timeouts, keepAlive = '15m' }: OllamaOptions): ModelProvider {
  const limits = { ...TIMEOUTS, ...timeouts }
  const described = new Map<string, Description>()
  const client = (signal: AbortSignal) => new Ollama({ host: url, fetch: createFetch(signal, limits.connect) })

  async function describe(model: string, digest: string, signal: AbortSignal): Promise<Description> {
    const known = described.get(digest)
    if (known) return known
    try {
      const description = toDescription(await client(signal).show({ model }))
      described.set(digest, description)
      return description
    } catch (error) {
      // One model that cannot be described must not hide the others.
      if (error instanceof ModelFailure && error.kind !== 'unreachable')
        return { skills: [], contextLength: null, family: '' }
      throw error
    }
  }

  return {
    name: 'ollama',
    library: createOllamaLibrary(client),
    async list(signal) {
      try {
        const { models } = Listing.parse(await client(signal).list())
        // What the server only passes on to somebody else's machine is not a model of the house.
        const own = models.filter(({ remote_host }) => !remote_host)
        return await Promise.all(
          own.map(async (listed) => toModel(listed, await describe(listed.name, listed.digest, signal))),
        )
      } catch (error) {
        throw toFailure(error, signal, 'broken')
      }
    },
    async *chat(call, signal): AsyncGenerator<ChatPart> {
      const deadline = createDeadline(signal)
      const request = toChatRequest(call, keepAlive)
      try {
        deadline.await('token', limits.firstToken)
        for await (const { message, done, prompt_eval_count, eval_count } of await client(deadline.signal).chat(
          request,
        )) {
          deadline.await('further token', limits.idle)
          if (message.content) yield { type: 'token', text: message.content }
          if (done) yield { type: 'end', inputTokens: prompt_eval_count ?? null, outputTokens: eval_count ?? null }
        }
      } catch (error) {
        throw toFailure(error, deadline.signal, 'broken')
      } finally {
        deadline.end()
      }
    },
    async embed({ model, texts, purpose }, signal) {
      const deadline = createDeadline(signal)
      const input = texts.map((text) => toPromptedText(model.name, purpose, text))
      try {
        deadline.await('vectors', limits.embed)
        const answer = await client(deadline.signal).embed({
          model: model.name,
          input,
          truncate: true,
          keep_alive: keepAlive,
        })
        return {
          vectors: requireVectors(answer.embeddings, texts.length),
          inputTokens: answer.prompt_eval_count ?? null,
        }
      } catch (error) {
        throw toFailure(error, deadline.signal, 'broken')
      } finally {
        deadline.end()
      }
    },
  }
}

function toChatRequest(call: ChatCall, keepAlive: string) {
  const { model, messages, temperature, maxTokens } = call
  const most = model.contextLength ?? SMALLEST
  const needed = requireFitting(call, most)
  return {
    model: model.name,
    messages: messages.map(({ role, content }) => ({ role, content })),
    stream: true as const,
    keep_alive: keepAlive,
    options: {
      temperature,
      num_predict: maxTokens,
      num_ctx: Math.min(most, CONTEXTS.find((size) => size >= needed) ?? most),
    },
    // Only a model that can think may be told not to; the others take it for an error.
    ...(model.skills.includes('thinking') ? { think: false } : {}),
  }
}

const Listing = z.object({
  models: z.array(
    z.object({
      name: z.string(),
      digest: z.string(),
      size: z.number(),
      remote_host: z.string().optional(),
      details: z.object({ parameter_size: z.string().optional(), quantization_level: z.string().optional() }).nullish(),
    }),
  ),
})

const Shown = z.object({
  capabilities: z.array(z.string()).optional(),
  details: z.object({ family: z.string().default('') }).optional(),
  model_info: z.record(z.string(), z.unknown()).default({}),
})

type Description = Pick<ProviderModel, 'skills' | 'contextLength'> & { family: string }

function toDescription(shown: unknown): Description {
  const { capabilities, details, model_info } = Shown.parse(shown)
  const length = Object.entries(model_info).find(([key]) => key.endsWith('.context_length'))?.[1]
  const skills = [
    ...(capabilities?.includes('completion') ? (['chat'] as const) : []),
    ...(capabilities?.includes('embedding') ? (['embedding'] as const) : []),
    ...(capabilities?.includes('thinking') ? (['thinking'] as const) : []),
  ]
  return { skills, contextLength: typeof length === 'number' ? length : null, family: details?.family ?? '' }
}

function toModel(
  { name, digest, size, details }: z.infer<typeof Listing>['models'][number],
  { skills, contextLength, family }: Description,
): ProviderModel {
  // Servers before 0.6 do not say what a model can do; its name and family do.
  const guessed =
    /embed|bge|minilm|arctic|\be5\b|gte/i.test(name) || /bert/.test(family) ? ('embedding' as const) : ('chat' as const)
  return {
    name,
    digest,
    sizeMiB: Math.max(1, Math.ceil(size / 2 ** 20)),
    skills: skills.length > 0 ? skills : [guessed],
    contextLength,
    details: {
      sizeBytes: size,
      parameters: details?.parameter_size || null,
      quantization: details?.quantization_level || null,
    },
  }
}
