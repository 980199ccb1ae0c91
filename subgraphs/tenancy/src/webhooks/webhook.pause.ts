import { audit } from '@passerelle/platform/audit'
import { publish } from '@passerelle/platform/facts'
import type { Tx } from '@passerelle/platform/sql'
import { holdDeliveries } from './webhook-delivery.store.ts'
import { noteTold, setPaused } from './webhook.store.ts'
import type { PauseReason } from './webhook.tables.ts'

/** Pauses a webhook, holds what waits for it, and tells of it; nothing when it is paused already. */
export async function pause(tx: Tx, webhook: { id: string }, because: PauseReason): Promise<void> {
  if (!(await setPaused(tx, webhook.id, because))) return
  await holdDeliveries(tx, webhook.id)
  publish(tx, { type: 'webhook.paused', payload: { id: webhook.id, because } })
  audit(tx, { action: 'webhook.paused', subject: subjectOf(webhook), detail: { because } })
}

/** Tells the organisation, once, that nothing arrives. */
export async function tellFailing(tx: Tx, { id, since }: { id: string; since: Date }): Promise<void> {
  await noteTold(tx, id)
  publish(tx, { type: 'webhook.failing', payload: { id, since } })
}

/** What the audit log calls it. */
export function subjectOf({ id }: { id: string }): { kind: string; id: string } {
  return { kind: 'Webhook', id }
}
