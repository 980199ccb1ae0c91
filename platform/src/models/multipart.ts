import { randomUUID } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { request as requestHttp, type IncomingMessage } from 'node:http'
import { request as requestHttps } from 'node:https'
import { pipeline } from 'node:stream/promises'
import { toFailure, toStatusFailure } from './http.ts'
import { ModelFailure } from './provider.ts'

export interface MultipartForm {
  headers: Record<string, string>
  fields: readonly (readonly [name: string, value: string])[]
  file: { name: string; fileName: string; mimeType: string; handle: FileHandle }
  signal: AbortSignal
  /** Of the answer; a longer one is broken. */
  mostBytes: number
}

/**
 * Sends a form with a file as multipart/form-data, a piece of the file at a time, and answers the body. Not by `fetch`, which waits for an
 * answer's head five minutes at most. A server that answers before it has read all is heard.
 */
export async function postMultipart(url: URL, form: MultipartForm): Promise<string> {
  const { headers, file, signal } = form
  const boundary = `passerelle-${randomUUID()}`
  const head = Buffer.from(headOf(boundary, form))
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`)
  const { size } = await file.handle.stat()
  const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, {
    method: 'POST',
    signal,
    headers: {
      ...headers,
      'Content-Type': `multipart/form-data; boundary=${boundary}`,
      'Content-Length': head.length + size + tail.length,
    },
  })
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve)
    request.once('error', reject)
  })
  const sent = pipeline(async function* () {
    yield head
    yield* file.handle.createReadStream({ autoClose: false, start: 0, end: Math.max(0, size - 1) })
    yield tail
  }, request)
  sent.catch(() => undefined)
  const response = await answered.catch((error: unknown) => {
    throw toFailure(error, signal, 'unreachable')
  })
  const body = await readBody(response, form).finally(() => {
    // Answered before it had read all: the rest is not sent.
    if (!request.writableFinished) request.destroy()
  })
  const status = response.statusCode ?? 0
  if (status < 200 || status > 299) throw toStatusFailure(status, body)
  return body
}

function headOf(boundary: string, { fields, file }: MultipartForm): string {
  const parts = fields.map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  )
  const type = /^[\w.+-]+\/[\w.+-]+$/.test(file.mimeType) ? file.mimeType : 'application/octet-stream'
  return `${parts.join('')}--${boundary}\r\nContent-Disposition: form-data; name="${file.name}"; filename="${escape(file.fileName)}"\r\nContent-Type: ${type}\r\n\r\n`
}

/** As browsers do: a name must not end the header that it stands in. */
function escape(name: string): string {
  return name.replace(/\r\n?|\n/g, '%0D%0A').replaceAll('"', '%22')
}

async function readBody(response: IncomingMessage, { signal, mostBytes }: MultipartForm): Promise<string> {
  const pieces: Buffer[] = []
  let bytes = 0
  try {
    for await (const piece of response as AsyncIterable<Buffer>) {
      bytes += piece.length
      if (bytes > mostBytes) throw new ModelFailure('broken', `An answer of more than ${mostBytes} bytes came.`)
      pieces.push(piece)
    }
  } catch (error) {
    throw toFailure(error, signal, 'broken')
  }
  return Buffer.concat(pieces).toString('utf8')
}
