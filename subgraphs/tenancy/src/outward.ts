import type { Platform } from '@passerelle/platform/subgraph'
import { releaseHeld } from './webhook-delivery.ts'
import { tryDelivery } from './webhook-try.ts'
import { createWebhookConsumer } from './webhook.facts.ts'
import { deliveryQueue, releaseQueue } from './webhook.queues.ts'
import { startAtEndpoint } from './workflow-run-start.ts'
import { deadlineQueue, runQueue, timeOut } from './workflow-run.ts'

/** The queues of all that tells people and programs what happens. */
export const outwardQueues = [deliveryQueue, releaseQueue, runQueue, deadlineQueue]

/** Begins to tell them. */
export async function workOutward(platform: Platform): Promise<void> {
  await platform.jobs.work(deliveryQueue, (job) => tryDelivery(platform, job))
  await platform.jobs.work(releaseQueue, ({ organizationId, data }) =>
    releaseHeld(platform, organizationId, data.webhookId),
  )
  await platform.jobs.work(runQueue, (job) => startAtEndpoint(platform, job))
  await platform.jobs.work(deadlineQueue, ({ organizationId, data }) => timeOut(platform, organizationId, data.runId))
  platform.facts.consume(createWebhookConsumer(platform))
}
