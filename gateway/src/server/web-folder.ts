import { existsSync, readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import sirv from 'sirv'
import { contentPolicy } from './headers.ts'
import { refuse } from './refuse.ts'

/** Serves the built web application; every path that is not a file is one of its pages. */
export type ServeWeb = (request: IncomingMessage, response: ServerResponse) => void

/** The pages of clients, who come by a link: nobody hears where they were, and no browser keeps what they were shown. */
const isPortal = (pathname: string): boolean => /^\/portal(\/|$)/.test(pathname)

/**
 * Files under /assets carry a hash in their name and may
 * be kept for ever. Without a build there is nothing to serve, and the answer says so.
 */
export function openWebFolder(folder: string | null): ServeWeb {
  const index = folder ? join(folder, 'index.html') : null
  if (!folder || !index || !existsSync(index)) {
    return (_, response) =>
      refuse(response, 404, {
        code: 'NOT_FOUND',
        message: 'There is nothing here. The web application has not been built.',
      })
  }
  const policy = contentPolicy(readFileSync(index, 'utf8'))
  const serve = sirv(folder, {
    // Files are looked up as they are asked for: one that a newer build has taken away is then not found, instead of an error in mid-stream.
    dev: true,
    etag: true,
    single: true,
    gzip: true,
    brotli: true,
    setHeaders(response, pathname) {
      const isHashed = pathname.startsWith('/assets/') && /\.\w+$/.test(pathname)
      const page = isPortal(pathname) ? 'no-store' : 'no-cache'
      response.setHeader('cache-control', isHashed ? 'public, max-age=31536000, immutable' : page)
      response.setHeader('content-security-policy', policy)
    },
  })
  // A file that cannot be read to its end cuts its answer off. Nobody else listens to the stream, and an error nobody hears ends the process.
  const cutOff = (response: ServerResponse): void => {
    response.once('pipe', (file: Readable) => file.once('error', () => response.destroy()))
  }
  return (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      refuse(response, 405, {
        code: 'METHOD_NOT_ALLOWED',
        message: 'Pages are only read.',
        headers: { allow: 'GET, HEAD' },
      })
      return
    }
    cutOff(response)
    if (isPortal(request.url?.split('?')[0] ?? '')) response.setHeader('referrer-policy', 'no-referrer')
    serve(request, response, () => refuse(response, 404, { code: 'NOT_FOUND', message: 'There is no such file.' }))
  }
}
