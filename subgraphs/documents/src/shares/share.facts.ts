import type { NewFact } from '@passerelle/platform/facts'
import { z } from 'zod'

/** Which document, and with whom. */
export const shared = z.object({ documentId: z.string(), clientId: z.string() })
export type Shared = z.infer<typeof shared>

export const shareFacts = { shared: 'document.shared', unshared: 'document.unshared' } as const

/** A client of the organisation may read the document from now on. */
export function documentShared({ documentId, clientId }: Shared): NewFact {
  return { type: shareFacts.shared, payload: { documentId, clientId } }
}

/** They may no more. */
export function documentUnshared({ documentId, clientId }: Shared): NewFact {
  return { type: shareFacts.unshared, payload: { documentId, clientId } }
}
