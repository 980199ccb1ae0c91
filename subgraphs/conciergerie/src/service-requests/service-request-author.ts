import type { Viewer } from '@passerelle/platform/schema'
import type { ServiceRequestAuthor } from './service-request-status.ts'

export interface Author {
  author: ServiceRequestAuthor
  /** The person of the house; null for clients, programs and services. */
  actor: string | null
  /** Whose request keys these are. */
  createdBy: string
}

/** In whose name something is asked or said: the client's, or the house's. */
export function authorOf({ clientId, userId, keyId, organizationId }: Viewer): Author {
  return clientId === null
    ? { author: 'HOUSE', actor: userId, createdBy: userId ?? keyId ?? organizationId }
    : { author: 'CLIENT', actor: null, createdBy: clientId }
}
