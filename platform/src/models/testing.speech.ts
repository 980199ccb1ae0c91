import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { listenCounted } from './testing.http.ts'

/**
 * A server that speaks OpenAI's `/v1/audio/transcriptions` with `verbose_json`, and hears nothing: it answers `transcript` to any file. The form
 * is really parsed, so that a request that no server would understand is refused here too.
 */
export interface SpeechServer {
  url: string
  /** What it lists; null as whisper.cpp has it, which has no list. */
  models: { id: string; task?: string }[] | null
  /** What `segments` and the rest of the answer say; seconds. */
  transcript: SpeechAnswer
  /** Without it every key is good. */
  apiKey: string | null
  /** Taken one per transcription, in order, then none. */
  faults: SpeechFault[]
  /** Every transcription asked for. */
  requests: SpeechRequest[]
  /** Requests being answered now, and requests whose client went away before the end. */
  open: number
  abandoned: number
  close(): Promise<void>
}

export interface SpeechAnswer {
  language?: string | null
  duration?: number | string | null
  text: string
  segments?: { start: number; end: number; text: string; speaker?: string }[]
}

export interface SpeechRequest {
  fields: Record<string, string>
  file: { fileName: string; mimeType: string; size: number; sha256: string }
  authorization: string | null
}

export type SpeechFault =
  | { status: number; error: string }
  /** An answer with this body. */
  | { body: string }
  /** No byte of an answer until the client gives up; or the connection ends before one; or in the middle of it. */
  | 'silence'
  | 'hang up'
  | 'drop'

/** Listens on a free port of this machine (or on `port`) until it is closed. */
export async function openSpeechServer({ port = 0 }: { port?: number } = {}): Promise<SpeechServer> {
  const { url, http } = await listenCounted(
    port,
    () => server,
    (request, response) => respond(server, request, response),
  )
  const server: SpeechServer = {
    url,
    models: [{ id: 'Systran/faster-whisper-large-v3', task: 'automatic-speech-recognition' }],
    transcript: {
      language: 'french',
      duration: 4.2,
      text: ' Le colis est arrivé. Il est cassé.',
      segments: [
        { start: 0, end: 1.9, text: ' Le colis est arrivé.' },
        { start: 1.9, end: 4.2, text: ' Il est cassé.' },
      ],
    },
    apiKey: null,
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

async function respond(server: SpeechServer, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const send = (status: number, answer: unknown) =>
    void response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer))
  const refuse = (status: number, message: string) =>
    send(status, { error: { message, type: 'invalid_request_error' } })
  const path = request.url ?? ''
  if (server.apiKey && request.headers.authorization !== `Bearer ${server.apiKey}`)
    return refuse(401, 'Incorrect API key provided.')
  if (path === '/v1/models' && server.models)
    return send(200, { object: 'list', data: server.models.map((model) => ({ object: 'model', ...model })) })
  if (path !== '/v1/audio/transcriptions' || request.method !== 'POST') return refuse(404, 'Not Found')
  const form = parseForm(request.headers['content-type'] ?? '', await buffer(request))
  if (!form) return refuse(400, 'There was an error parsing the body')
  server.requests.push({ ...form, authorization: request.headers.authorization ?? null })
  if (!form.fields['model'] || form.fields['response_format'] !== 'verbose_json')
    return refuse(422, 'model and response_format are needed')
  const fault = server.faults.shift()
  if (fault === 'silence') return
  if (fault === 'hang up') return void response.destroy()
  if (fault === 'drop') {
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': '1000' }).write('{"text": "Le')
    return void setTimeout(() => response.destroy(), 20)
  }
  if (fault && 'status' in fault) return refuse(fault.status, fault.error)
  if (fault) return void response.writeHead(200, { 'Content-Type': 'application/json' }).end(fault.body)
  send(200, { task: 'transcribe', ...server.transcript })
}

/** A multipart/form-data body (RFC 7578) with one file; null for anything that is not sound. */
function parseForm(contentType: string, body: Buffer): Omit<SpeechRequest, 'authorization'> | null {
  const boundary = /^multipart\/form-data; *boundary=(?:"([^"]+)"|([^;]+))$/.exec(contentType)
  const delimiter = `--${boundary?.[1] ?? boundary?.[2]}`
  if (!boundary || !body.subarray(0, delimiter.length).equals(Buffer.from(delimiter))) return null
  const fields: Record<string, string> = {}
  let file: SpeechRequest['file'] | null = null
  let at = delimiter.length
  while (body.subarray(at, at + 2).toString('latin1') === '\r\n') {
    const headEnd = body.indexOf('\r\n\r\n', at)
    const end = body.indexOf(`\r\n${delimiter}`, headEnd)
    if (headEnd < 0 || end < 0) return null
    const head = body.subarray(at + 2, headEnd).toString('utf8')
    const content = body.subarray(headEnd + 4, end)
    const name = /^content-disposition: form-data; name="([^"]*)"/im.exec(head)?.[1]
    if (name === undefined) return null
    const fileName = /; filename="([^"]*)"/i.exec(head)?.[1]
    if (fileName === undefined) fields[name] = content.toString('utf8')
    else if (name === 'file') {
      const mimeType = /^content-type: (.+)$/im.exec(head)?.[1]?.trim() ?? ''
      file = { fileName, mimeType, size: content.length, sha256: createHash('sha256').update(content).digest('hex') }
    }
    at = end + 2 + delimiter.length
  }
  return file && body.subarray(at, at + 2).toString('latin1') === '--' ? { fields, file } : null
}
