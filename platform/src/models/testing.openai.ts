import type { IncomingMessage, ServerResponse } from 'node:http'
import { json } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { embedOne } from './testing.vectors.ts'
import { listenCounted } from './testing.http.ts'

/**
 * A server that speaks OpenAI's API (`/v1/models`, `/v1/chat/completions` as server-sent events, `/v1/embeddings`), with models that need no
 * weights: the chat model answers what `answer` says, a word at a time; the embedding model counts words.
 */
export interface OpenAIServer {
  url: string
  /** What it lists; null as TGI had it, which had no list. */
  models: { id: string; max_model_len?: number }[] | null
  /** What the chat model answers to the last message; its own default repeats the message. */
  answer: (messages: { role: string; content: string }[]) => string
  /** Without it every key is good. */
  apiKey: string | null
  /** Fields of a question that are refused, as newer models do with `max_tokens`. */
  refuses: string[]
  /** Taken one per chat or embeddings request, in order, then none. */
  faults: OpenAIFault[]
  /** Every request, as it came. */
  requests: { path: string; body: Record<string, unknown> }[]
  /** Requests being answered now, and requests whose client went away before the end. */
  open: number
  abandoned: number
  close(): Promise<void>
}

export type OpenAIFault =
  | { status: number; error: string; retryAfter?: number }
  /** An answer with this body. */
  | { body: string }
  /** Somewhere else to go. */
  | { redirect: string }
  /** No byte of an answer until the client gives up; or the connection ends before one. */
  | 'silence'
  | 'hang up'
  /** The first word, then nothing more until the client gives up; or the connection ends; or the stream without its end; or an error in it. */
  | 'stall'
  | 'drop'
  | 'cut short'
  | { inStream: string }
  | { msPerWord: number }

/** Listens on a free port of this machine (or on `port`) until it is closed. */
export async function openOpenAIServer({ port = 0 }: { port?: number } = {}): Promise<OpenAIServer> {
  const { url, http } = await listenCounted(
    port,
    () => server,
    (request, response) => respond(server, request, response),
  )
  const server: OpenAIServer = {
    url,
    models: [{ id: 'Qwen/Qwen3-8B', max_model_len: 32_768 }, { id: 'text-embedding-3-small' }, { id: 'whisper-1' }],
    answer: (messages) => `You said: ${messages.at(-1)?.content ?? ''}`,
    apiKey: null,
    refuses: [],
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

async function respond(server: OpenAIServer, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url ?? ''
  const send = (status: number, answer: unknown) =>
    void response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer))
  const refuse = (status: number, message: string) =>
    send(status, { error: { message, type: 'invalid_request_error' } })
  if (server.apiKey && request.headers.authorization !== `Bearer ${server.apiKey}`)
    return refuse(401, 'Incorrect API key provided.')
  if (path === '/v1/models' && server.models)
    return send(200, { object: 'list', data: server.models.map((model) => ({ object: 'model', ...model })) })
  if (request.method !== 'POST') return refuse(404, 'Not Found')
  const body = (await json(request)) as Record<string, unknown>
  server.requests.push({ path, body })
  if (server.models && !server.models.some(({ id }) => id === body.model))
    return refuse(404, `The model \`${String(body.model)}\` does not exist.`)
  const refused = server.refuses.find((field) => field in body)
  if (refused) {
    const hint = refused === 'max_tokens' ? " Use 'max_completion_tokens' instead." : ''
    return refuse(400, `Unsupported parameter: '${refused}' is not supported with this model.${hint}`)
  }
  const fault = server.faults.shift()
  if (fault === 'silence') return
  if (fault === 'hang up') return void response.destroy()
  if (typeof fault === 'object' && 'status' in fault) {
    if (fault.retryAfter !== undefined) response.setHeader('Retry-After', String(fault.retryAfter))
    return refuse(fault.status, fault.error)
  }
  if (typeof fault === 'object' && 'redirect' in fault)
    return void response.writeHead(307, { Location: fault.redirect }).end()
  if (typeof fault === 'object' && 'body' in fault)
    return void response.writeHead(200, { 'Content-Type': 'text/html' }).end(fault.body)
  if (path === '/v1/embeddings') return send(200, embedAll(body))
  if (path === '/v1/chat/completions') return streamChat(server, response, { body, fault })
  refuse(404, 'Not Found')
}

async function streamChat(
  server: OpenAIServer,
  response: ServerResponse,
  { body, fault }: { body: Record<string, unknown>; fault: OpenAIFault | undefined },
): Promise<void> {
  const messages = body.messages as { role: string; content: string }[]
  const words = server.answer(messages).split(/(?<= )/)
  const event = (part: object) =>
    response.write(`data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', ...part })}\n\n`)
  response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8' })
  response.write(': at it\n\n')
  event({ choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }] })
  for (const content of words) {
    event({ choices: [{ index: 0, delta: { content }, finish_reason: null }] })
    if (fault === 'stall') return
    if (fault === 'cut short') return void response.end()
    if (fault === 'drop') return void setTimeout(() => response.destroy(), 20)
    if (typeof fault === 'object' && 'inStream' in fault)
      return void response.end(`data: ${JSON.stringify({ error: { message: fault.inStream } })}\n\n`)
    if (typeof fault === 'object' && 'msPerWord' in fault) await sleep(fault.msPerWord)
    if (response.destroyed) return
  }
  event({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })
  const read = messages.reduce((sum, { content }) => sum + content.split(' ').length, 0)
  if (body.stream_options) event({ choices: [], usage: { prompt_tokens: read, completion_tokens: words.length } })
  response.end('data: [DONE]\n\n')
}

/** In no order, as the protocol allows. */
function embedAll({ input, model }: Record<string, unknown>) {
  const texts = Array.isArray(input) ? input.map(String) : [String(input)]
  const data = texts.map((text, index) => ({ object: 'embedding', index, embedding: embedOne(text) }))
  return { object: 'list', model, data: data.toReversed(), usage: { prompt_tokens: texts.join(' ').split(' ').length } }
}
