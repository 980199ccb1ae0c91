import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { json } from 'node:stream/consumers'
import { respondLibrary, type RegistryModel } from './testing.library.ts'
import { embedOne } from './testing.vectors.ts'
import { listenCounted } from './testing.http.ts'

export { openOpenAIServer, type OpenAIServer } from './testing.openai.ts'
export { openSpeechServer, type SpeechServer } from './testing.speech.ts'

/**
 * A server that speaks Ollama's protocol as version 0.12 does (NDJSON streams, errors as `{"error"}` with a status or inside a stream), with
 * models that need no weights: the chat model answers what `answer` says, a word at a time; the embedding model counts words into 64 places,
 * so that texts that share words are near one another.
 */
export interface OllamaServer {
  url: string
  models: FakeModel[]
  /** What can be pulled, and how far pulls that were left have come, in quarters. */
  registry: RegistryModel[]
  pulled: Map<string, number>
  /** Names of the models that are on the card. */
  loaded: Set<string>
  /** What the chat model answers to the last message; its own default repeats the message. */
  answer: (messages: { role: string; content: string }[]) => string
  /** Taken one per chat or embed request, in order, then none. */
  faults: Fault[]
  /** Every request, as it came. */
  requests: { path: string; body: Record<string, unknown> }[]
  /** Requests being answered now, and requests whose client went away before the end. */
  open: number
  abandoned: number
  close(): Promise<void>
}

export interface FakeModel {
  name: string
  digest: string
  size: number
  family: string
  /** null as servers before 0.6 have it. */
  capabilities: string[] | null
  contextLength: number
  /** Somebody else's machine that it runs on. */
  remoteHost?: string
}

export type Fault =
  | { status: number; error: string }
  /** No byte of an answer until the client gives up. */
  | 'silence'
  /** The connection ends before a byte of an answer. */
  | 'hang up'
  /** The first word, then nothing more until the client gives up; or the connection ends; or an error in the stream; or words slowly. */
  | 'stall'
  | 'drop'
  | { inStream: string }
  | { msPerWord: number }

export const chatModel: FakeModel = {
  name: 'mistral-small:latest',
  digest: 'a'.repeat(64),
  size: 4_000 * 2 ** 20,
  family: 'llama',
  capabilities: ['completion', 'tools'],
  contextLength: 32_768,
}

export const embeddingModel: FakeModel = {
  name: 'bge-m3:latest',
  digest: 'b'.repeat(64),
  size: 1_200 * 2 ** 20,
  family: 'bert',
  capabilities: ['embedding'],
  contextLength: 8_192,
}

/** Listens on a free port of this machine (or on `port`) until it is closed. */
export async function openOllamaServer({ port = 0 }: { port?: number } = {}): Promise<OllamaServer> {
  const { url, http } = await listenCounted(
    port,
    () => server,
    (request, response) => respond(server, request, response),
  )
  const server: OllamaServer = {
    url,
    models: [chatModel, embeddingModel],
    registry: [],
    pulled: new Map(),
    loaded: new Set(),
    answer: (messages) => `You said: ${messages.at(-1)?.content ?? ''}`,
    faults: [],
    requests: [],
    open: 0,
    abandoned: 0,
    async close() {
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
    },
  }
  return server
}

async function respond(server: OllamaServer, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url ?? ''
  const body =
    request.method === 'POST' || request.method === 'DELETE' ? ((await json(request)) as Record<string, unknown>) : {}
  server.requests.push({ path, body })
  const send = (status: number, answer: unknown) => {
    response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8' }).end(JSON.stringify(answer))
  }
  const model = server.models.find(({ name }) => name === body.model || name === `${String(body.model)}:latest`)
  if (path === '/api/version') return send(200, { version: '0.12.6' })
  if (path === '/api/tags') return send(200, { models: server.models.map(toListed) })
  if (await respondLibrary(server, response, { path, method: request.method ?? '', body })) return
  if (!model) return send(404, { error: `model '${String(body.model)}' not found` })
  if (path === '/api/show') return send(200, toShown(model))
  const fault = server.faults.shift()
  if (fault === 'silence') return
  if (fault === 'hang up') return void response.destroy()
  if (typeof fault === 'object' && 'status' in fault) return send(fault.status, { error: fault.error })
  if (path === '/api/embed') return send(200, embedAll(model, body))
  if (path === '/api/chat') return streamChat(server, response, { model, body, fault })
  send(404, { error: 'page not found' })
}

const toListed = ({ name, digest, size, family, remoteHost }: FakeModel) => ({
  name,
  model: name,
  modified_at: '2026-01-01T00:00:00Z',
  size,
  digest,
  ...(remoteHost && { remote_host: remoteHost }),
  details: {
    parent_model: '',
    format: 'gguf',
    family,
    families: [family],
    parameter_size: '7B',
    quantization_level: 'Q4_K_M',
  },
})

const toShown = ({ family, capabilities, contextLength }: FakeModel) => ({
  details: { format: 'gguf', family },
  model_info: { 'general.architecture': family, [`${family}.context_length`]: contextLength },
  ...(capabilities ? { capabilities } : {}),
})

async function streamChat(
  server: OllamaServer,
  response: ServerResponse,
  { model, body, fault }: { model: FakeModel; body: Record<string, unknown>; fault: Fault | undefined },
): Promise<void> {
  const messages = body.messages as { role: string; content: string }[]
  const words = server.answer(messages).split(/(?<= )/)
  const line = (part: object) =>
    response.write(`${JSON.stringify({ model: model.name, created_at: new Date().toISOString(), ...part })}\n`)
  response.writeHead(200, { 'Content-Type': 'application/x-ndjson' })
  for (const content of words) {
    line({ message: { role: 'assistant', content }, done: false })
    if (fault === 'stall') return
    if (fault === 'drop') return void setTimeout(() => response.destroy(), 20)
    if (typeof fault === 'object' && 'inStream' in fault)
      return void response.end(`${JSON.stringify({ error: fault.inStream })}\n`)
    if (typeof fault === 'object' && 'msPerWord' in fault) await sleep(fault.msPerWord)
    if (response.destroyed) return
  }
  const read = messages.reduce((sum, { content }) => sum + content.split(' ').length, 0)
  line({
    message: { role: 'assistant', content: '' },
    done: true,
    done_reason: 'stop',
    prompt_eval_count: read,
    eval_count: words.length,
  })
  response.end()
}

function embedAll(model: FakeModel, { input }: Record<string, unknown>) {
  const texts = Array.isArray(input) ? input.map(String) : [String(input)]
  return { model: model.name, embeddings: texts.map(embedOne), prompt_eval_count: texts.join(' ').split(' ').length }
}
