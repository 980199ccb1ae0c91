import { audit } from '@passerelle/platform/audit'
import { publish } from '@passerelle/platform/facts'
import type { Tx } from '@passerelle/platform/sql'
import { holdDeliveries } from './webhook-delivery.store.ts'
import { setPaused } from './webhook.store.ts'
import type { PauseReason } from './webhook.tables.ts'

/** Pauses a webhook, holds what waits for it, and tells of it; nothing when it is paused already. */
export async function pause(tx: Tx, webhook: { id: string }, because: PauseReason): Promise<void> {
  if (!(await setPaused(tx, webhook.id, because))) return
  await holdDeliveries(tx, webhook.id)
  publish(tx, { type: 'webhook.paused', payload: { id: webhook.id, because } })
  audit(tx, { action: 'webhook.paused', subject: subjectOf(webhook), detail: { because } })
}

/** What the audit log calls it. */
export function subjectOf({ id }: { id: string }): { kind: string; id: string } {
  return { kind: 'Webhook', id }
}
