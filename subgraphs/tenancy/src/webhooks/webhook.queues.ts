import type { Queue } from '@passerelle/platform/jobs'

/** One try of one message. It is tried again by its row; the queue's own tries are for a database that is away. */
export const deliveryQueue: Queue<{ deliveryId: string }> = {
  name: 'tenancy.webhook-delivery',
  retries: 2_000,
  concurrency: 12,
  perOrganization: 6,
}

/** Sends what is held for a webhook. */
export const releaseQueue: Queue<{ webhookId: string }> = {
  name: 'tenancy.webhook-release',
  retries: 100,
  concurrency: 2,
  perOrganization: 1,
}
