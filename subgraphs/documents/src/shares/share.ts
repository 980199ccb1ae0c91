import { publish } from '@passerelle/platform/facts'
import { shownCursors } from '@passerelle/platform/facts/shown-cursors'
import { isRecordId, requireKnownClient } from '@passerelle/platform/records'
import { InvalidInput, subscriptionOf, type Viewer } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'
import { holdDocument, type Document } from '../document/document.ts'
import { auditShare, endShares } from './share-ending.ts'
import { documentShared, shared, shareFacts, type Shared } from './share.facts.ts'
import { findSharedDocument, insertShare } from './share.store.ts'

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
      auditShare(tx, 'shared', { documentId: document.id, clientId })
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

/** The document under the id as the client sees it, if it is shared with them. */
export async function findShared(
  { sql }: Platform,
  viewer: Viewer,
  { documentId, clientId }: Shared,
): Promise<SharedDocument | null> {
  if (!isRecordId('doc', documentId)) return null
  return sql.withOrganization(viewer, (tx) => findSharedDocument(tx, { clientId, documentId }))
}

/** A document is shared with a client, or is no more; `cursor` continues after it. */
export interface ShareChange extends Shared {
  cursor: string
}

/** Every such change in the viewer's organisation, after the cursor or from now on; a client hears of what is shared with them. */
export function watchShares(
  { facts, keys }: Platform,
  { viewer, after, signal }: { viewer: Viewer; after: string | null | undefined; signal: AbortSignal },
): AsyncIterableIterator<ShareChange> {
  const cursors = shownCursors({ keys }, viewer)
  const source = facts.subscribe(viewer.organizationId, {
    types: Object.values(shareFacts),
    after: cursors.read(after),
    signal,
  })
  return subscriptionOf(source, ({ payload, position }) => {
    const which = shared.parse(payload)
    if (viewer.clientId !== null && viewer.clientId !== which.clientId) return null
    return { ...which, cursor: cursors.show(position) }
  })
}
