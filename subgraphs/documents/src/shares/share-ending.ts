import { audit } from '@passerelle/platform/audit'
import { publish } from '@passerelle/platform/facts'
import type { Tx } from '@passerelle/platform/sql'
import { documentUnshared, shareFacts, type Shared } from './share.facts.ts'
import { deleteShares, type Which } from './share.store.ts'

/** Ends the sharing of a document with a client; without the one or the other, of all of them. */
export async function endShares(tx: Tx, which: Which): Promise<void> {
  for (const ended of await deleteShares(tx, which)) {
    publish(tx, documentUnshared(ended))
    auditShare(tx, 'unshared', ended)
  }
}

/** Who reads a document is a matter of rights. */
export function auditShare(tx: Tx, what: keyof typeof shareFacts, { documentId, clientId }: Shared): void {
  audit(tx, { action: shareFacts[what], subject: { kind: 'Document', id: documentId }, detail: { clientId } })
}
