import { z } from 'zod'
import { createDeadline } from './deadline.ts'
import { toPromptedText } from './embedding-prompts.ts'
import { createFetch, toFailure } from './http.ts'
import { toOpenAIChat, type Quirks } from './openai-chat.ts'
import { toOpenAIModel } from './openai-models.ts'
import { InvalidInput } from '../schema/refusals.ts'
import { ModelFailure, type ChatCall, type ChatPart, type ModelProvider, type ProviderModel } from './provider.ts'
import { readEvents } from './sse.ts'
import { requireVectors } from './vectors.ts'

export interface OpenAIOptions {
  /** The server, with or without `/v1` behind it. */
  url: string
  apiKey?: string | undefined
  /** What these are called; a server that lists no models is believed to have them. */
  chatModel?: string | undefined
  embeddingModel?: string | undefined
  /** What a call takes of the card, MiB; such servers share their memory out themselves, so that this bounds how many run at once. */
  vramMiB?: number | undefined
  timeouts?: Partial<OpenAITimeouts> | undefined
}

/** Milliseconds. */
export interface OpenAITimeouts {
  connect: number
  firstToken: number
  idle: number
  embed: number
}

const TIMEOUTS: OpenAITimeouts = { connect: 5_000, firstToken: 240_000, idle: 60_000, embed: 120_000 }
/** A dozen at once on a card of 12 GB. */
export const USUAL_CALL_MIB = 1_000
/** Embedding models of this family read 8,191 tokens and refuse more; no text has fewer than three letters to the token throughout. */
const LONGEST_TEXT = 24_000

/** A server that speaks OpenAI's API: vLLM, TGI, llama.cpp, LiteLLM, OpenRouter, OpenAI itself. */
export function createOpenAI(options: OpenAIOptions): ModelProvider {
  const { url, apiKey, vramMiB = USUAL_CALL_MIB, timeouts } = options
  const limits = { ...TIMEOUTS, ...timeouts }
  const base = `${url.replace(/\/+$/, '').replace(/\/v1$/, '')}/v1`
  const headers = { 'Content-Type': 'application/json', ...(apiKey && { Authorization: `Bearer ${apiKey}` }) }
  /** What the server said it does not take, by model. */
  const quirks = new Map<string, Quirks>()

  async function post(path: string, body: object, signal: AbortSignal): Promise<Response> {
    const send = createFetch(signal, limits.connect)
    return send(`${base}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  }

  /** Sends the question, again in the server's own words when it says which of ours it does not take. */
  async function open(call: ChatCall, signal: AbortSignal): Promise<Response> {
    const known = quirks.get(call.model.name) ?? {}
    try {
      return await post('/chat/completions', toOpenAIChat(call, known), signal)
    } catch (error) {
      const learned = error instanceof ModelFailure && error.kind === 'refused' ? learn(known, error.message) : null
      if (!learned) throw error
      quirks.set(call.model.name, learned)
      return open(call, signal)
    }
  }

  return {
    name: 'openai',
    library: null,
    async list(signal) {
      try {
        const response = await createFetch(signal, limits.connect)(`${base}/models`, { headers })
        const { data } = Listing.parse(await response.json())
        return data.map((listed) => toOpenAIModel(listed, vramMiB))
      } catch (error) {
        if (error instanceof ModelFailure && (error.status === 404 || error.status === 405))
          return unlisted(options, vramMiB)
        throw toFailure(error, signal, 'broken')
      }
    },
    async *chat(call, signal): AsyncGenerator<ChatPart> {
      const deadline = createDeadline(signal)
      try {
        deadline.await('token', limits.firstToken)
        const { body } = await open(call, deadline.signal).catch((error: unknown) => refuseLength(error, call))
        if (!body) throw new ModelFailure('broken', 'An answer without a body came.')
        for await (const part of readChat(body)) {
          deadline.await('further token', limits.idle)
          if (part) yield part
        }
      } catch (error) {
        throw toFailure(error, deadline.signal, 'broken')
      } finally {
        deadline.end()
      }
    },
    async embed({ model, texts, purpose }, signal) {
      const deadline = createDeadline(signal)
      const input = texts.map((text) => toPromptedText(model.name, purpose, text).slice(0, LONGEST_TEXT))
      try {
        deadline.await('vectors', limits.embed)
        const response = await post(
          '/embeddings',
          { model: model.name, input, encoding_format: 'float' },
          deadline.signal,
        )
        const { data, usage } = Embedded.parse(await response.json())
        const vectors = data.toSorted((left, right) => left.index - right.index).map(({ embedding }) => embedding)
        return { vectors: requireVectors(vectors, texts.length), inputTokens: usage?.prompt_tokens ?? null }
      } catch (error) {
        throw toFailure(error, deadline.signal, 'broken')
      } finally {
        deadline.end()
      }
    },
  }
}

/** The models that were named, of a server without a list of them. */
function unlisted({ chatModel, embeddingModel }: OpenAIOptions, vramMiB: number): ProviderModel[] {
  return [
    ...(chatModel ? [{ ...toOpenAIModel({ id: chatModel }, vramMiB), skills: ['chat'] as const }] : []),
    ...(embeddingModel ? [{ ...toOpenAIModel({ id: embeddingModel }, vramMiB), skills: ['embedding'] as const }] : []),
  ]
}

/** A server that does not tell how much it reads refuses what is longer. */
function refuseLength(error: unknown, { model }: ChatCall): never {
  if (error instanceof ModelFailure && /context.length|maximum.context|too long|exceed.*context/i.test(error.message))
    throw new InvalidInput(`This is too long for ${model.name}: ${error.message}`, ['messages'])
  throw error
}

/** null when the refusal is about something else, or said again. */
function learn(known: Quirks, message: string): Quirks | null {
  if (!known.completionTokens && /max_completion_tokens/.test(message)) return { ...known, completionTokens: true }
  if (!known.noTemperature && /temperature/.test(message)) return { ...known, noTemperature: true }
  if (!known.noUsage && /stream_options/.test(message)) return { ...known, noUsage: true }
  return null
}

/** The parts of an answer; null for an event that only says that the server is still at it. */
async function* readChat(body: ReadableStream<Uint8Array>): AsyncGenerator<ChatPart | null> {
  let ended = false
  let usage: z.output<typeof Usage> | null = null
  for await (const data of readEvents(body)) {
    if (data === '[DONE]') {
      ended = true
      break
    }
    const event = Chunk.parse(JSON.parse(data))
    if (event.error) throw new ModelFailure('broken', textOf(event.error))
    usage = event.usage ?? usage
    const choice = event.choices?.[0]
    if (choice?.finish_reason) ended = true
    yield choice?.delta?.content ? { type: 'token', text: choice.delta.content } : null
  }
  if (!ended) throw new ModelFailure('broken', 'The answer stopped without an end.')
  yield { type: 'end', inputTokens: usage?.prompt_tokens ?? null, outputTokens: usage?.completion_tokens ?? null }
}

function textOf(error: z.output<typeof Said>): string {
  return typeof error === 'string' ? error : (error.message ?? 'The server says that something went wrong.')
}

const Listing = z.object({
  data: z.array(
    z.object({
      id: z.string().min(1),
      /** vLLM's word, OpenRouter's, and llama.cpp's. */
      max_model_len: z.number().nullish(),
      context_length: z.number().nullish(),
      meta: z.object({ n_ctx_train: z.number().nullish() }).nullish(),
    }),
  ),
})

const Usage = z.object({ prompt_tokens: z.number().nullish(), completion_tokens: z.number().nullish() })
const Said = z.union([z.string(), z.object({ message: z.string().nullish() })])
const Chunk = z.object({
  choices: z
    .array(
      z.object({ delta: z.object({ content: z.string().nullish() }).nullish(), finish_reason: z.string().nullish() }),
    )
    .nullish(),
  usage: Usage.nullish(),
  error: Said.nullish(),
})

const Embedded = z.object({
  data: z.array(z.object({ index: z.number(), embedding: z.array(z.number()) })),
  usage: z.object({ prompt_tokens: z.number().nullish() }).nullish(),
})
