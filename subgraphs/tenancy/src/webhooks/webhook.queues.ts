import type { Queue } from '@passerelle/platform/jobs'

/**
 * One try of one message. It is tried again by its row; the queue's own tries are for a database that is away. Most of a try is waiting for an answer: so there are many places, of which
 * an organisation whose receivers do not answer has few. An idle place is not free: each looks for work when there may be some.
 */
export const deliveryQueue: Queue<{ deliveryId: string }> = {
  name: 'tenancy.webhook-delivery',
  retries: 2_000,
  concurrency: 48,
  perOrganization: 6,
}

/** Sends what is held for a webhook. */
export const releaseQueue: Queue<{ webhookId: string }> = {
  name: 'tenancy.webhook-release',
  retries: 100,
  concurrency: 2,
  perOrganization: 1,
}
