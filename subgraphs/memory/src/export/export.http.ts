import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { openLink } from '@passerelle/platform/blobs/links'
import type { Platform, SubgraphRoute } from '@passerelle/platform/subgraph'
import { exportPath, exportPurpose, openExport } from './export.ts'

/** The graph as a file, by signed links alone: the link is the right, so that browsers and tools need no header for it. */
export const routes: readonly SubgraphRoute[] = [
  {
    method: 'GET',
    prefix: exportPath,
    open:
      (platform) =>
      (request, response, { log }) =>
        download(platform, { request, response }).catch((error: unknown) => {
          if (!response.headersSent) throw error
          // A file that ends early must not look whole.
          log.warn({ err: error }, 'an export broke off')
          response.destroy()
        }),
  },
]

async function download(
  platform: Platform,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): Promise<void> {
  const url = request.url ?? ''
  const claims = await openLink(platform, { url, purpose: exportPurpose, scope: 'graph:read' })
  const exported = claims && (await openExport(platform, claims))
  if (!exported) {
    const body = { code: 'LINK_INVALID', message: 'This link is not valid, or no longer.' }
    response.writeHead(403, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' })
    response.end(JSON.stringify(body))
    return
  }
  response.writeHead(200, {
    'content-type': exported.contentType,
    'content-disposition': `attachment; filename*=UTF-8''${url.slice(exportPath.length + 1).split('?')[0]}`,
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, no-store',
  })
  if (request.method === 'HEAD') response.end()
  else await pipeline(Readable.from(exported.text), response)
}
