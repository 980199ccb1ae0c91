import { audit } from '@passerelle/platform/audit'
import { publish } from '@passerelle/platform/facts'
import { isRecordId, requireKnownClient } from '@passerelle/platform/records'
import { InvalidInput, type Viewer } from '@passerelle/platform/schema'
import type { Tx } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import { holdDocument, type Document } from '../document/document.ts'
import { documentShared, documentUnshared } from './share.facts.ts'
import { deleteShares, findSharedDocument, insertShare } from './share.store.ts'

/** With whom a document is shared. */
export interface Share {
  clientId: string
  /** Who shared it; null for a program. */
  sharedBy: string | null
  sharedAt: Date
}

/** A document as the client sees it with whom it is shared. */
export interface SharedDocument {
  document: Document
  sharedAt: Date
}

/**
 * Lets a client of the organisation read a document; what they may read already stays as it is. NotFound for a document of nobody's or somebody else's,
 * InvalidInput for a client that nobody knows, and before the file has come.
 */
export async function shareDocument(
  { sql, readGraph }: Platform,
  viewer: Viewer,
  { documentId, clientId }: { documentId: string; clientId: string },
): Promise<Document> {
  await requireKnownClient(readGraph, { viewer, clientId })
  return sql.withOrganization(viewer, async (tx) => {
    const document = await holdDocument(tx, documentId)
    // Until then it may turn out to be another document.
    if (!document.hash && !document.withheld)
      throw new InvalidInput('A document is shared once its file has come.', ['documentId'])
    if (await insertShare(tx, viewer, { documentId: document.id, clientId })) {
      publish(tx, documentShared({ documentId: document.id, clientId }))
      auditShare(tx, 'document.shared', { documentId: document.id, clientId })
    }
    return document
  })
}

/** Ends it at once, with every link to the file that the client was given. What was not shared stays so. NotFound as above. */
export function unshareDocument(
  { sql }: Platform,
  viewer: Viewer,
  { documentId, clientId }: { documentId: string; clientId: string },
): Promise<Document> {
  return sql.withOrganization(viewer, async (tx) => {
    const document = await holdDocument(tx, documentId)
    await endShares(tx, { documentId: document.id, clientId })
    return document
  })
}

/** The document under the id, if it is shared with the client who asks. */
export async function findShared(
  { sql }: Platform,
  viewer: Viewer & { clientId: string },
  documentId: string,
): Promise<SharedDocument | null> {
  if (!isRecordId('doc', documentId)) return null
  return sql.withOrganization(viewer, (tx) => findSharedDocument(tx, { clientId: viewer.clientId, documentId }))
}

/** Ends the sharing of one document with a client, or of all of them. */
export async function endShares(
  tx: Tx,
  { clientId, documentId }: { clientId: string; documentId?: string },
): Promise<void> {
  for (const ended of await deleteShares(tx, { clientId, documentId })) {
    publish(tx, documentUnshared({ documentId: ended, clientId }))
    auditShare(tx, 'document.unshared', { documentId: ended, clientId })
  }
}

function auditShare(
  tx: Tx,
  action: 'document.shared' | 'document.unshared',
  { documentId, clientId }: { documentId: string; clientId: string },
): void {
  audit(tx, { action, subject: { kind: 'Document', id: documentId }, detail: { clientId } })
}
