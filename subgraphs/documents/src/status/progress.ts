import type { Fact } from '@passerelle/platform/facts'
import { NotFound, over, subscriptionOf, type Viewer } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'
import { deleted, deletedType, statusChanged, statusChangedType } from '../document/document.facts.ts'
import { findDocument } from '../document/document.store.ts'
import type { Document } from '../document/document.ts'

/** A document at one of its steps, or its disappearance. */
export interface DocumentChange {
  id: string
  document: Document | null
  cursor: string
}

interface Subscription {
  after?: string | null | undefined
  signal: AbortSignal
}

/**
 * A document at each step of its reading, as it was at that step, until it is deleted. Without `after` the present state comes first; with it
 * every step after the cursor, none left out.
 */
export async function watchDocument(
  platform: Platform,
  viewer: Viewer,
  { id, after, signal }: Subscription & { id: string },
): Promise<AsyncIterableIterator<Document>> {
  const present = await find(platform, viewer, id)
  if (!present) throw new NotFound()
  const watched = new Set([id, present.id])
  const facts = platform.facts.subscribe(viewer.organizationId, {
    types: [statusChangedType, deletedType],
    after: after ?? present.status.cursor,
    signal,
    where: (fact) => watched.has(String(fact.payload.documentId)),
  })
  const toStep = async (fact: Fact): Promise<Document | null | typeof over> => {
    if (fact.type === deletedType) return over
    const document = await atStep(platform, viewer, fact)
    if (document) watched.add(document.id)
    return document
  }
  return subscriptionOf(facts, toStep, after ? [] : [present])
}

/** Every step and deletion of all the organisation's documents. */
export function watchDocuments(
  platform: Platform,
  viewer: Viewer,
  { after, signal }: Subscription,
): AsyncIterableIterator<DocumentChange> {
  const facts = platform.facts.subscribe(viewer.organizationId, {
    types: [statusChangedType, deletedType],
    after,
    signal,
  })
  return subscriptionOf(facts, async (fact) => {
    if (fact.type === deletedType)
      return { id: deleted.parse(fact.payload).documentId, document: null, cursor: fact.position }
    const document = await atStep(platform, viewer, fact)
    return { id: String(fact.payload.documentId), document, cursor: fact.position }
  })
}

/** The document as it stood at the fact; null when it is gone. */
async function atStep(platform: Platform, viewer: Viewer, fact: Fact): Promise<Document | null> {
  const { documentId, stage, progress, error, degraded, at } = statusChanged.parse(fact.payload)
  const document = await find(platform, viewer, documentId)
  return document && { ...document, status: { stage, progress, error, degraded, cursor: fact.position, updatedAt: at } }
}

function find(platform: Platform, viewer: Viewer, id: string): Promise<Document | null> {
  return platform.sql.withOrganization(viewer, (tx) => findDocument(tx, id))
}
