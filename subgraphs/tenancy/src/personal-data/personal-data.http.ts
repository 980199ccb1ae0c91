import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { audit } from '@passerelle/platform/audit'
import { makeLink, openLink } from '@passerelle/platform/blobs/links'
import type { UrlClaims } from '@passerelle/platform/blobs/signed-url'
import type { Viewer } from '@passerelle/platform/schema'
import type { Platform, SubgraphRoute } from '@passerelle/platform/subgraph'
import { readReceiptBy } from './erasure-receipt.store.ts'
import { findRequest, type PrivacyRequest } from './personal-data-request.store.ts'

const exportPath = '/personal-data'
const exportPurpose = 'personal data'
const receiptPath = '/erasure-receipts'

/** Archives by signed links, and receipts of organisations that are gone by their token. */
export const personalDataRoutes: readonly SubgraphRoute[] = [
  {
    method: 'GET',
    prefix: exportPath,
    open: (platform) => (request, response) => download(platform, { request, response }),
  },
  {
    method: 'GET',
    prefix: receiptPath,
    open: (platform) => (request, response) => showReceipt(platform, { request, response }),
  },
]

interface Exchange {
  request: IncomingMessage
  response: ServerResponse
}

/** A link to the archive that lives as long as the archive does; null when there is none any more. */
export function archiveUrlOf(platform: Platform, viewer: Viewer, { id, file, state }: PrivacyRequest): string | null {
  if (!file || state !== 'DONE' || file.expiresAt <= new Date()) return null
  const path = `${exportPath}/${id}.zip`
  return makeLink(platform, viewer, { path, purpose: exportPurpose, subjectId: id, expiresAt: file.expiresAt })
}

/** Where whoever has the token reads the receipt, once it is written. */
export function receiptUrlOf(token: string): string {
  return `${receiptPath}/${token}`
}

async function download(platform: Platform, { request, response }: Exchange): Promise<void> {
  const claims = await openLink(platform, { url: request.url ?? '', purpose: exportPurpose, scope: 'privacy:manage' })
  const asked = claims && (await openArchive(platform, claims))
  if (!asked) return refuse(response)
  response.writeHead(200, {
    'content-type': 'application/zip',
    'content-length': String(asked.size),
    'content-disposition': `attachment; filename="${claims.subjectId}.zip"`,
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, no-store',
  })
  if (request.method !== 'HEAD') return pipeline(asked.stream, response).catch(() => void response.destroy())
  asked.stream.destroy()
  response.end()
}

async function openArchive({ sql, sealing, blobs }: Platform, { subjectId, ...scope }: UrlClaims) {
  const { organizationId } = scope
  const keys = await sealing.keysOf(organizationId)
  const found = await sql.withOrganization(scope, async (tx) => {
    const asked = await findRequest(tx, keys, subjectId)
    if (asked?.state !== 'DONE' || !asked.file || asked.file.expiresAt <= new Date()) return null
    audit(tx, { action: 'personal_data.downloaded', subject: { kind: 'PrivacyRequest', id: subjectId } })
    return asked.file
  })
  return found && blobs.open(organizationId, found.hash)
}

async function showReceipt({ sql }: Platform, { request, response }: Exchange): Promise<void> {
  const token = new URL(request.url ?? '', 'http://house').pathname.slice(receiptPath.length + 1)
  const receipt = /^[\w-]{43}$/.test(token) ? await readReceiptBy(sql, token) : null
  if (!receipt) return refuse(response)
  response.writeHead(200, {
    'content-type': 'application/json; charset=utf-8',
    'content-disposition': `attachment; filename="receipt-${receipt.receipt.id}.json"`,
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, no-store',
  })
  response.end(`${JSON.stringify(receipt, null, 2)}\n`)
}

function refuse(response: ServerResponse): void {
  const body = { code: 'LINK_INVALID', message: 'This link is not valid, or not yet, or no longer.' }
  response.writeHead(403, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' })
  response.end(JSON.stringify(body))
}
