import { makeLink } from '@passerelle/platform/blobs/links'
import type { UrlClaims } from '@passerelle/platform/blobs/signed-url'
import type { Viewer } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'
import type { Document } from './document.ts'
import { findDocument } from './document.store.ts'

export const filePath = '/files'

const fileMinutes = 15
/** Of a client, who may lose what is shared with them. */
const clientMinutes = 5

/**
 * A link to the document's bytes that lives a quarter of an hour, a client's some minutes; null before they have arrived. Who opens a client's link is shown
 * what the client may read by then.
 */
export function fileUrlOf(platform: Platform, viewer: Viewer, document: Document): string | null {
  if (!document.hash || document.withheld) return null
  // The end is rounded up to five minutes, so that the same document asked twice has one address, and the browser one copy.
  const step = 5 * 60_000
  const minutes = viewer.clientId === null ? fileMinutes : clientMinutes
  const expiresAt = new Date(Math.ceil((Date.now() + minutes * 60_000) / step) * step)
  return makeLink(platform, viewer, {
    path: `${filePath}/${document.id}`,
    purpose: 'file',
    subjectId: document.id,
    expiresAt,
  })
}

export interface StoredFile {
  hash: string
  size: number
  contentType: string
  filename: string
}

/** The file a link is for, if the document is still there. */
export async function findFile(platform: Platform, claims: UrlClaims): Promise<StoredFile | null> {
  const document = await platform.sql.withOrganization(claims, (tx) => findDocument(tx, claims.subjectId))
  if (!document?.hash || document.withheld) return null
  return { hash: document.hash, size: document.size, contentType: document.contentType, filename: document.filename }
}
