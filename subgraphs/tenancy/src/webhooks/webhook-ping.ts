import { NotFound, type Viewer } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'
import { readHouseUrl } from '../env.ts'
import { roomBody } from '../notifications/notification-room.ts'
import { secretsOf } from '../secrets.ts'
import { bodyOf, deliver, type Delivery } from './webhook-delivery.ts'
import { pingType as type } from './webhook.policy.ts'
import { findWebhook } from './webhook.store.ts'
import type { Webhook } from './webhook.ts'

/** Sends a message that says nothing, to see whether it arrives. */
export async function pingWebhook(platform: Platform, viewer: Viewer, id: string): Promise<Delivery> {
  const { organizationId } = viewer
  const secrets = await secretsOf(platform, organizationId)
  return platform.sql.withOrganization(viewer, async (tx) => {
    const webhook = await findWebhook(tx, secrets, { id })
    if (!webhook) throw new NotFound()
    const delivery = await deliver(platform, tx, {
      organizationId,
      webhookId: id,
      factPosition: null,
      type,
      body: trial(webhook),
    })
    if (!delivery) throw new NotFound()
    return delivery
  })
}

function trial({ id, organizationId, kind, language }: Webhook): string {
  if (kind === 'FACTS') return bodyOf({ organizationId, position: '', type, occurredAt: new Date(), payload: { id } })
  const text = language === 'FR' ? 'Passerelle écrira ici.' : 'Passerelle will write here.'
  return roomBody({ kind, language }, { text, url: readHouseUrl() })
}
