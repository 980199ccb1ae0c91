import type { Queue } from '@passerelle/platform/jobs'

export interface ErasureOrder {
  requestId: string
  requestedBy: string | null
  requestedAt: string
}

/** Erases a person, or an organisation. Tried until nothing is left; what it is asked for by is in it, because the request goes with its organisation. */
export const erasureQueue: Queue<ErasureOrder> = {
  name: 'tenancy.erasure',
  retries: 1_000,
  concurrency: 1,
  perOrganization: 1,
}
