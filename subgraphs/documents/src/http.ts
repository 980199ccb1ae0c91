import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { BlobTooLarge } from '@passerelle/platform/blobs'
import { openLink } from '@passerelle/platform/blobs/links'
import { EngineUnavailable, Refusal } from '@passerelle/platform/schema'
import type { Platform, SubgraphRoute } from '@passerelle/platform/subgraph'
import { filePath, findFile, type StoredFile } from './document/file.ts'
import { AUDIO_TYPES } from './reading/reading.ts'
import { receiveUpload, uploadPath } from './uploads/upload.ts'

/** Bytes in and out, by signed links alone: the link is the right, so that browsers and tools need no header for a file. */
export const routes: readonly SubgraphRoute[] = [
  {
    method: 'PUT',
    prefix: uploadPath,
    open: (platform) => (request, response) => answer(response, () => upload(platform, request, response)),
  },
  {
    method: 'GET',
    prefix: filePath,
    open: (platform) => (request, response) => answer(response, () => download(platform, request, response)),
  },
]

async function upload(platform: Platform, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const claims = await openLink(platform, { url: request.url ?? '', purpose: 'upload', scope: 'document:write' })
  if (!claims) throw new Refusal('LINK_INVALID', 'This link is not valid, or no longer.')
  try {
    send(response, 200, await receiveUpload(platform, claims, request))
  } catch (error) {
    // Who broke the connection off hears no answer, and it is nobody's fault that a file stops halfway.
    if (!request.errored) throw error
    response.destroy()
  }
}

async function download(platform: Platform, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const claims = await openLink(platform, { url: request.url ?? '', purpose: 'file', scope: 'document:read' })
  const file = claims && (await findFile(platform, claims))
  if (!claims || !file) throw new Refusal('LINK_INVALID', 'This link is not valid, or no longer.')
  const range = toRange(request.headers.range, file.size)
  if (range === 'unsatisfiable') {
    response.writeHead(416, { 'content-range': `bytes */${file.size}` }).end()
    return
  }
  const blob = await platform.blobs.open(claims.organizationId, file.hash, range ?? undefined)
  if (!blob) throw new Refusal('LINK_INVALID', 'The file is gone.')
  const headers = headersOf(file, range)
  // What a client may read today may be taken from them: their browser keeps none of it.
  if (claims.clientId !== null) headers['cache-control'] = 'private, no-store'
  response.writeHead(range ? 206 : 200, headers)
  await pipeline(blob.stream, response).catch(() => response.destroy())
}

/** A file is never run by the browser: what it may show is listed, all else is a download. */
const shown = new Set(['application/pdf', 'image/png', 'image/jpeg', 'image/webp', 'image/gif', ...AUDIO_TYPES])

function headersOf(file: StoredFile, range: { start: number; end: number } | null): Record<string, string> {
  const inline = shown.has(file.contentType)
  return {
    'content-type': inline ? file.contentType : 'application/octet-stream',
    'content-length': String(range ? range.end - range.start + 1 : file.size),
    'content-disposition': `${inline ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(file.filename)}`,
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
    'accept-ranges': 'bytes',
    'cache-control': 'private, max-age=600',
    ...(range && { 'content-range': `bytes ${range.start}-${range.end}/${file.size}` }),
  }
}

function toRange(header: string | undefined, size: number): { start: number; end: number } | null | 'unsatisfiable' {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '')
  if (!match || (match[1] === '' && match[2] === '')) return null
  const start = match[1] === '' ? Math.max(0, size - Number(match[2])) : Number(match[1])
  const end = match[1] === '' || match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1)
  return start > end || start >= size ? 'unsatisfiable' : { start, end }
}

const statuses: Record<string, number> = {
  LINK_INVALID: 403,
  NOT_FOUND: 404,
  INCOMPLETE: 400,
  ALREADY_UPLOADED: 409,
  CANCELLED: 409,
  TRY_AGAIN: 409,
  ENGINE_UNAVAILABLE: 503,
}

async function answer(response: ServerResponse, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (response.headersSent) response.destroy()
    else if (error instanceof BlobTooLarge) send(response, 413, { code: 'TOO_LARGE', message: error.message })
    else if (error instanceof Refusal)
      send(response, statuses[error.code] ?? 400, {
        code: error.code,
        message: error.message,
        ...(error instanceof EngineUnavailable && { engine: error.engine }),
      })
    else throw error
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    connection: status === 200 ? 'keep-alive' : 'close',
  })
  response.end(JSON.stringify(body))
}
