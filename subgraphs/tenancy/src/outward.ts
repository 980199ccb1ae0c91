import type { Platform } from '@passerelle/platform/subgraph'
import { createNotificationConsumer } from './notifications/notification.consumer.ts'
import { createKeyConsumer, keyQueue, remindOfKey } from './notifications/notification-key.ts'
import { letterQueue, writeLetter } from './notifications/notification-letter.ts'
import { releaseHeld } from './webhooks/webhook-delivery.ts'
import { tryDelivery } from './webhooks/webhook-try.ts'
import { createWebhookConsumer } from './webhooks/webhook.facts.ts'
import { deliveryQueue, releaseQueue } from './webhooks/webhook.queues.ts'
import { startAtEndpoint } from './workflow-runs/workflow-run-start.ts'
import { deadlineQueue, runQueue, timeOut } from './workflow-runs/workflow-run.ts'

/** The queues of all that tells people and programs what happens. */
export const outwardQueues = [deliveryQueue, releaseQueue, runQueue, deadlineQueue, letterQueue, keyQueue]

/** Begins to tell them. */
export async function workOutward(platform: Platform): Promise<void> {
  await platform.jobs.work(deliveryQueue, (job) => tryDelivery(platform, job))
  await platform.jobs.work(releaseQueue, ({ organizationId, data }) =>
    releaseHeld(platform, organizationId, data.webhookId),
  )
  await platform.jobs.work(runQueue, (job) => startAtEndpoint(platform, job))
  await platform.jobs.work(deadlineQueue, ({ organizationId, data }) => timeOut(platform, organizationId, data.runId))
  await platform.jobs.work(letterQueue, ({ organizationId, data }) =>
    writeLetter(platform, organizationId, data.letterId),
  )
  await platform.jobs.work(keyQueue, ({ organizationId, data }) => remindOfKey(platform, organizationId, data.apiKeyId))
  platform.facts.consume(createNotificationConsumer(platform))
  platform.facts.consume(createKeyConsumer(platform))
  platform.facts.consume(createWebhookConsumer(platform))
}
