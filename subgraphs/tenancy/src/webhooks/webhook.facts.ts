import type { Consumer } from '@passerelle/platform/facts'
import { factCatalogue, matchesFact } from '@passerelle/platform/facts/catalogue'
import type { Platform } from '@passerelle/platform/subgraph'
import { bodyOf, deliver } from './webhook-delivery.ts'
import { listHearers } from './webhook.store.ts'

/**
 * Writes a message for each webhook that hears a fact. Its position in the log is kept; a fact that comes twice finds its messages written. A webhook
 * does not hear of itself: what fails to tell that it fails would never end.
 */
export function createWebhookConsumer(platform: Pick<Platform, 'sql' | 'jobs'>): Consumer {
  return {
    name: 'tenancy.webhooks',
    types: factCatalogue.map(({ type }) => type),
    async handle(fact) {
      const { organizationId, type, position } = fact
      await platform.sql.withOrganization({ organizationId }, async (tx) => {
        for (const webhook of await listHearers(tx, ['FACTS'])) {
          if (Number(position) <= webhook.afterPosition || !matchesFact(webhook.types, type)) continue
          if (type.startsWith('webhook.') && fact.payload['id'] === webhook.id) continue
          await deliver(platform, tx, {
            organizationId,
            webhookId: webhook.id,
            factPosition: Number(position),
            type,
            body: bodyOf(fact),
          })
        }
      })
    },
  }
}
