import type { LeaseRequest, Semaphore } from '../coordination.ts'

export const CAPACITY = 100

/** A new client of the store under test, whose semaphore has that capacity. */
export type OpenClient = (leaseMs?: number) => Promise<Semaphore>

/** A request for the whole capacity, unless told otherwise. */
export const ask = (request: Partial<LeaseRequest>): LeaseRequest => ({
  organizationId: 'org_a',
  task: 'ask',
  model: 'mistral',
  weight: CAPACITY,
  priority: 'interactive',
  ...request,
})
