import { publish } from '@passerelle/platform/facts'
import type { Tx } from '@passerelle/platform/sql'
import { endShares } from '../shares/share-ending.ts'
import { documentDeleted } from './document.facts.ts'
import { deleteDocumentRow } from './document.store.ts'

/** Takes a document out, which the caller holds; nobody it was shared with sees it any more, and its traces in every other store go with the fact. */
export async function takeOut(tx: Tx, { id: documentId, hash }: { id: string; hash: string | null }): Promise<void> {
  await endShares(tx, { documentId })
  await deleteDocumentRow(tx, documentId)
  publish(tx, documentDeleted({ documentId, hash }))
}
