import { Readable } from 'node:stream'
import { signUrl, type UrlClaims } from '@passerelle/platform/blobs/signed-url'
import { newId } from '@passerelle/platform/ids'
import { Refusal } from '@passerelle/platform/schema'
import type { Tx } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import { insertDocument } from './document.store.ts'
import { maxBytes, requireDocument, startRun, type Document } from './document.ts'
import { enqueueIngestion } from './ingestion/queue.ts'
import { announceAs, writeStatus } from './status.store.ts'
import { claimHash, findByHash, giveBack, pointTo } from './upload.store.ts'
import { removeUnheld } from './unheld.ts'

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
 * same bytes again is harmless; sending fewer than announced keeps the link open for another try. What is refused keeps nothing.
 */
export async function receiveUpload(platform: Platform, claims: UrlClaims, bytes: Readable): Promise<{ documentId: string }> {
  const { organizationId, userId, subjectId: id, maxBytes: announced } = claims
  const scope = { organizationId, userId }
  await platform.sql.withOrganization(scope, (tx) => requireAwaited(tx, id))
  const { hash } = await platform.blobs.put(organizationId, whole(bytes, announced ?? 0), { maxBytes: announced ?? 0 })
  const taken = platform.sql.withOrganization(scope, (tx) => take(tx, platform, { id, hash }))
  const answer = await taken.catch(async (error: unknown) => {
    await removeUnheld(platform, organizationId, hash)
    throw error
  })
  if (answer.documentId === id) await requireKept(platform, { organizationId, id, hash })
  return answer
}

/** The document whose bytes may come; those of one that was cancelled meanwhile are not wanted any more. */
async function requireAwaited(tx: Tx, id: string): Promise<Document> {
  const document = await requireDocument(tx, id)
  if (!document.hash && document.status.stage === 'CANCELLED') throw new UploadRefused('CANCELLED', 'This upload has been cancelled.')
  return document
}

async function* wholeOf(bytes: Readable, size: number): AsyncGenerator<Buffer> {
  let arrived = 0
  // The connection outlives a refusal, which has to be answered on it.
  for await (const chunk of bytes.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    arrived += chunk.length
    yield chunk
  }
  if (arrived < size) throw new UploadRefused('INCOMPLETE', `${size} bytes were announced, ${arrived} arrived. Send the file again.`)
}

/** Fails at its end when fewer bytes came than were announced, so that they are not kept. */
function whole(bytes: Readable, size: number): Readable {
  return Readable.from(wholeOf(bytes, size), { objectMode: false })
}

async function take(tx: Tx, platform: Platform, { id, hash }: { id: string; hash: string }): Promise<{ documentId: string }> {
  const document = await requireAwaited(tx, id)
  if (document.id === id && !document.hash) return settle(tx, platform, { document, hash })
  if (document.hash === hash) return { documentId: document.id }
  throw new UploadRefused('ALREADY_UPLOADED', 'This document has its bytes already; announce a new one for other bytes.')
}

/** A deletion of the same bytes may have removed them after they were stored and before they were claimed; no later one can. */
async function requireKept({ sql, blobs }: Platform, { organizationId, id, hash }: { organizationId: string; id: string; hash: string }): Promise<void> {
  const blob = await blobs.open(organizationId, hash)
  blob?.stream.destroy()
  if (blob) return
  await sql.withOrganization({ organizationId }, (tx) => giveBack(tx, id))
  throw new UploadRefused('TRY_AGAIN', 'The document that held these bytes was deleted just now. Send the file again.')
}

/** Takes in a file that came inside another one (the attachment of an e-mail) as a document of its own. */
export async function adoptFile(
  platform: Platform,
  parent: Document,
  file: { filename: string; contentType: string; bytes: Uint8Array },
): Promise<void> {
  const { hash, size } = await platform.blobs.put(parent.organizationId, Readable.from([file.bytes]), { maxBytes })
  await platform.sql.withOrganization(parent, async (tx) => {
    if (await findByHash(tx, hash)) return
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

/**
 * The same bytes are one document of an organisation: the first that comes keeps them, later ones point to it. Who sends again what was
 * cancelled, or could not be read, wants it tried once more.
 */
async function settle(tx: Tx, platform: Platform, { document, hash }: { document: Document; hash: string }): Promise<{ documentId: string }> {
  if (await claimHash(tx, document.id, hash)) {
    await writeStatus(tx, { documentId: document.id, run: document.run }, { stage: 'STORING' })
    await enqueueIngestion(tx, platform.jobs, { documentId: document.id, run: document.run })
    return { documentId: document.id }
  }
  const holder = await findByHash(tx, hash)
  if (!holder) throw new UploadRefused('TRY_AGAIN', 'The document that held these bytes was deleted just now. Send the file again.')
  const { stage } = (await requireDocument(tx, holder)).status
  if (stage === 'FAILED' || stage === 'CANCELLED') await startRun(tx, platform, holder)
  await pointTo(tx, document.id, holder)
  await announceAs(tx, document.id, holder)
  return { documentId: holder }
}
