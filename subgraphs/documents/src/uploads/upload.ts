import { Readable } from 'node:stream'
import { makeLink } from '@passerelle/platform/blobs/links'
import type { UrlClaims } from '@passerelle/platform/blobs/signed-url'
import { publish } from '@passerelle/platform/facts'
import type { Viewer } from '@passerelle/platform/schema'
import type { Tx } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import { giveBytes, removeUnheld, requireKept, storeBytes, UploadRefused } from '../document/document-bytes.ts'
import { documentDeleted } from '../document/document.facts.ts'
import { holdDocument, type Document } from '../document/document.ts'
import { deleteAbandoned } from './upload.store.ts'

/** Where to send the bytes of a document that was announced. */
export interface Upload {
  url: string
  method: 'PUT'
  headers: { name: string; value: string }[]
  expiresAt: Date
  document: Document
}

const uploadMinutes = 60
export const uploadPath = '/uploads'

/** A link that takes the bytes of this document, once, within the hour, and no more of them than were announced. */
export function createUpload(platform: Platform, viewer: Viewer, document: Document): Upload {
  const expiresAt = new Date(Date.now() + uploadMinutes * 60_000)
  return {
    url: makeLink(platform, viewer, {
      path: `${uploadPath}/${document.id}`,
      purpose: 'upload',
      subjectId: document.id,
      maxBytes: document.size,
      expiresAt,
    }),
    method: 'PUT',
    headers: [{ name: 'content-type', value: 'application/octet-stream' }],
    expiresAt,
    document,
  }
}

/**
 * Takes in the bytes. Answers the id of the document that holds them: this one, or the one that held the same bytes before. Sending the
 * same bytes again is harmless; sending fewer than announced keeps the link open for another try. What is refused keeps nothing.
 */
export async function receiveUpload(
  platform: Platform,
  claims: UrlClaims,
  bytes: Readable,
): Promise<{ documentId: string }> {
  const { subjectId: id, maxBytes: announced, ...scope } = claims
  const { organizationId } = scope
  await platform.sql.withOrganization(scope, (tx) => requireAwaited(tx, id))
  const maxBytes = announced ?? 0
  const { hash } = await storeBytes(platform, organizationId, { bytes: whole(bytes, maxBytes), maxBytes })
  const taken = platform.sql.withOrganization(scope, (tx) => take(tx, platform, { id, hash }))
  const documentId = await taken.catch(async (error: unknown) => {
    await removeUnheld(platform, organizationId, hash)
    throw error
  })
  if (documentId === id) await requireKept(platform, { organizationId, id, hash })
  return { documentId }
}

/** The document whose bytes may come, held; those of one that was cancelled meanwhile are not wanted any more. */
async function requireAwaited(tx: Tx, id: string): Promise<Document> {
  const document = await holdDocument(tx, id)
  if (!document.hash && document.status.stage === 'CANCELLED')
    throw new UploadRefused('CANCELLED', 'This upload has been cancelled.')
  return document
}

async function* wholeOf(bytes: Readable, size: number): AsyncGenerator<Buffer> {
  let arrived = 0
  // The connection outlives a refusal, which has to be answered on it.
  for await (const chunk of bytes.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    arrived += chunk.length
    yield chunk
  }
  if (arrived < size)
    throw new UploadRefused('INCOMPLETE', `${size} bytes were announced, ${arrived} arrived. Send the file again.`)
}

/** Fails at its end when fewer bytes came than were announced, so that they are not kept. */
function whole(bytes: Readable, size: number): Readable {
  return Readable.from(wholeOf(bytes, size), { objectMode: false })
}

async function take(tx: Tx, platform: Platform, { id, hash }: { id: string; hash: string }): Promise<string> {
  const document = await requireAwaited(tx, id)
  if (document.id === id && !document.hash) return giveBytes(tx, platform, { document, hash })
  if (document.hash === hash) return document.id
  throw new UploadRefused(
    'ALREADY_UPLOADED',
    'This document has its bytes already; announce a new one for other bytes.',
  )
}

/** Deletes the documents that were announced before the moment and whose bytes never came. */
export async function sweepAbandoned({ sql }: Platform, before: Date): Promise<void> {
  const behind = await sql.query<{ organization_id: string }>(
    'select * from documents.organizations_with_abandoned_uploads($1)',
    [before],
  )
  for (const { organization_id: organizationId } of behind) {
    await sql.withOrganization({ organizationId }, async (tx) => {
      for (const documentId of await deleteAbandoned(tx, before))
        publish(tx, documentDeleted({ documentId, hash: null }))
    })
  }
}
