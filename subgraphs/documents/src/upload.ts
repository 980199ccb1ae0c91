import { Readable } from 'node:stream'
import { signUrl, type UrlClaims } from '@passerelle/platform/blobs/signed-url'
import { newId } from '@passerelle/platform/ids'
import { Refusal } from '@passerelle/platform/schema'
import type { Tx } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import { insertDocument } from './document.store.ts'
import { maxBytes, requireDocument, type Document } from './document.ts'
import { enqueueIngestion } from './ingestion/queue.ts'
import { announceAs, writeStatus } from './status.store.ts'
import { claimHash, findByHash, pointTo } from './upload.store.ts'

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
export function createUpload(platform: Platform, document: Document, userId: string | null): Upload {
  const expiresAt = new Date(Date.now() + uploadMinutes * 60_000)
  const claims: UrlClaims = {
    organizationId: document.organizationId,
    userId,
    purpose: 'upload',
    subjectId: document.id,
    maxBytes: document.size,
  }
  return {
    url: signUrl({ key: platform.keys.fileKey, path: `${uploadPath}/${document.id}`, claims, expiresAt }),
    method: 'PUT',
    headers: [{ name: 'content-type', value: 'application/octet-stream' }],
    expiresAt,
    document,
  }
}

/** Why the bytes were not taken; the HTTP route turns it into a status. */
export class UploadRefused extends Refusal {}

/**
 * Takes in the bytes. Answers the id of the document that holds them: this one, or the one that held the same bytes before. Sending the
 * same bytes again is harmless; sending fewer than announced keeps the link open for another try.
 */
export async function receiveUpload(platform: Platform, claims: UrlClaims, bytes: Readable): Promise<{ documentId: string }> {
  const scope = { organizationId: claims.organizationId, userId: claims.userId }
  const { hash, size } = await platform.blobs.put(scope.organizationId, bytes, { maxBytes: claims.maxBytes ?? 0 })
  if (size !== claims.maxBytes) throw new UploadRefused('INCOMPLETE', `${claims.maxBytes} bytes were announced, ${size} arrived. Send the file again.`)
  return platform.sql.withOrganization(scope, async (tx) => {
    const document = await requireDocument(tx, claims.subjectId)
    if (document.id !== claims.subjectId || document.hash) {
      if (document.hash === hash) return { documentId: document.id }
      throw new UploadRefused('ALREADY_UPLOADED', 'This document has its bytes already; announce a new one for other bytes.')
    }
    return settle(tx, platform, { document, hash })
  })
}

/** Takes in a file that came inside another one (the attachment of an e-mail) as a document of its own. */
export async function adoptFile(
  platform: Platform,
  parent: Document,
  file: { filename: string; contentType: string; bytes: Uint8Array },
): Promise<void> {
  const { hash, size } = await platform.blobs.put(parent.organizationId, Readable.from([file.bytes]), { maxBytes })
  await platform.sql.withOrganization(parent, async (tx) => {
    const id = newId('doc')
    await insertDocument(tx, {
      id,
      organizationId: parent.organizationId,
      title: file.filename.replace(/\.[a-z0-9]{1,5}$/i, '') || file.filename,
      filename: file.filename,
      size,
      contentType: file.contentType,
      createdBy: null,
      parentId: parent.id,
    })
    await settle(tx, platform, { document: await requireDocument(tx, id), hash })
  })
}

/** The same bytes are one document of an organisation: the first that comes keeps them, later ones point to it. */
async function settle(tx: Tx, platform: Platform, { document, hash }: { document: Document; hash: string }): Promise<{ documentId: string }> {
  if (await claimHash(tx, document.id, hash)) {
    await writeStatus(tx, { documentId: document.id, run: document.run }, { stage: 'STORING' })
    await enqueueIngestion(tx, platform.jobs, { documentId: document.id, run: document.run })
    return { documentId: document.id }
  }
  const holder = await findByHash(tx, hash)
  if (!holder) throw new UploadRefused('TRY_AGAIN', 'The document that held these bytes was deleted just now. Send the file again.')
  await pointTo(tx, document.id, holder)
  await announceAs(tx, document.id, holder)
  return { documentId: holder }
}
