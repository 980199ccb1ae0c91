import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { openLink } from '@passerelle/platform/blobs/links'
import type { Platform, SubgraphRoute } from '@passerelle/platform/subgraph'
import { toStatementCsv } from './statement.csv.ts'
import { toStatementPdf } from './statement.pdf.ts'
import { readStatement, readStatementSubject, statementPath, statementPurpose } from './statement.ts'

/** Statements as files, by signed links alone. */
export const statementRoutes: readonly SubgraphRoute[] = [
  {
    method: 'GET',
    prefix: statementPath,
    open: (platform) => (request, response) => download(platform, { request, response }),
  },
]

async function download(
  platform: Platform,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): Promise<void> {
  const url = request.url ?? ''
  const claims = await openLink(platform, { url, purpose: statementPurpose, scope: 'usage:read' })
  const wanted = claims && readStatementSubject(claims.subjectId)
  if (!wanted) {
    const body = { code: 'LINK_INVALID', message: 'This link is not valid, or no longer.' }
    response.writeHead(403, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' })
    response.end(JSON.stringify(body))
    return
  }
  const statement = await readStatement(platform, claims.organizationId, wanted.month)
  response.writeHead(200, {
    'content-type': wanted.ending === 'pdf' ? 'application/pdf' : 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename*=UTF-8''${url.slice(statementPath.length + 1).split('?')[0]}`,
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, no-store',
  })
  if (request.method === 'HEAD') response.end()
  else if (wanted.ending === 'csv') response.end(toStatementCsv(statement, wanted.language))
  else await pipeline(toStatementPdf(statement, wanted.language), response).catch(() => response.destroy())
}
