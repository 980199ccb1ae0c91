import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { openLink } from '@passerelle/platform/blobs/links'
import type { Platform, SubgraphRoute } from '@passerelle/platform/subgraph'
import { auditPath, auditPurpose, openAuditExport } from './audit.ts'

/** The audit log as a file, by signed links alone. */
export const auditRoutes: readonly SubgraphRoute[] = [
  {
    method: 'GET',
    prefix: auditPath,
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
  const claims = await openLink(platform, { url, purpose: auditPurpose, scope: 'audit:read' })
  const exported = claims && openAuditExport(platform.sql, claims.organizationId, claims.subjectId)
  if (!exported) {
    const body = { code: 'LINK_INVALID', message: 'This link is not valid, or no longer.' }
    response.writeHead(403, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' })
    response.end(JSON.stringify(body))
    return
  }
  response.writeHead(200, {
    'content-type': exported.contentType,
    'content-disposition': `attachment; filename*=UTF-8''${url.slice(auditPath.length + 1).split('?')[0]}`,
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, no-store',
  })
  if (request.method === 'HEAD') response.end()
  else await pipeline(Readable.from(exported.text), response)
}
