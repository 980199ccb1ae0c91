import type { NewFact } from '@passerelle/platform/facts'

const shared = 'document.shared'
const unshared = 'document.unshared'

/** A client of the organisation may read the document from now on. */
export function documentShared({ documentId, clientId }: { documentId: string; clientId: string }): NewFact {
  return { type: shared, payload: { documentId, clientId } }
}

/** They may no more. */
export function documentUnshared({ documentId, clientId }: { documentId: string; clientId: string }): NewFact {
  return { type: unshared, payload: { documentId, clientId } }
}
