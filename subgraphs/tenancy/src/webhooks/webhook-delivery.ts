import type { Fact } from '@passerelle/platform/facts'
import { newId } from '@passerelle/platform/ids'
import { InvalidInput, NotFound, type Viewer } from '@passerelle/platform/schema'
import type { OutgoingFailureCode } from '@passerelle/platform/outgoing'
import type { Tx } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import { secretsOf } from '../secrets.ts'
import {
  findDelivery,
  insertDelivery,
  pruneDeliveries,
  releaseSome,
  reopenDeliveries,
  updateDelivery,
} from './webhook-delivery.store.ts'
import { readableTypes } from './webhook.policy.ts'
import { deliveryQueue, releaseQueue } from './webhook.queues.ts'
import { findWebhook, keepState, openProbe } from './webhook.store.ts'
import type { DeliveryState, WebhookState } from './webhook.tables.ts'

/** One message to one webhook. Its id is what the receiver knows it by, however often it is sent. */
export interface Delivery {
  id: string
  organizationId: string
  webhookId: string
  /** Null for a trial. */
  factPosition: number | null
  type: string
  /** To the letter. */
  body: string
  state: DeliveryState
  attempts: number
  triedSince: Date
  nextAt: Date | null
  createdAt: Date
  settledAt: Date | null
}

/** One try: what was answered, or why nothing was. */
export interface Attempt {
  number: number
  at: Date
  status: number | null
  failure: OutgoingFailureCode | null
  latencyMs: number | null
  /** Its first kilobyte. */
  answer: string | null
}

type Enqueuing = Pick<Platform, 'jobs'>

/** How long the log is kept, in days. */
export const keepDays = 30

/** What a program is told of a fact: Standard Webhooks' type, timestamp and data, with the organisation and the place in its log. */
export function bodyOf(fact: Pick<Fact, 'organizationId' | 'position' | 'type' | 'occurredAt' | 'payload'>): string {
  const { organizationId, position, type, occurredAt, payload } = fact
  return JSON.stringify({ type, timestamp: occurredAt.toISOString(), organizationId, cursor: position, data: payload })
}

interface Told {
  organizationId: string
  webhookId: string
  factPosition: number | null
  type: string
  body: string
}

/** Writes a message and the job that sends it, or holds it for a webhook that is paused. Null when it was written before, or the webhook is gone. */
export async function deliver({ jobs }: Enqueuing, tx: Tx, told: Told): Promise<Delivery | null> {
  const state = await keepState(tx, told.webhookId)
  if (!state) return null
  const now = new Date()
  const delivery: Delivery = {
    ...told,
    id: newId('dlv'),
    ...openState(state, now),
    attempts: 0,
    triedSince: now,
    createdAt: now,
    settledAt: null,
  }
  await pruneDeliveries(tx, told.organizationId, keepDays)
  if (!(await insertDelivery(tx, delivery))) return null
  if (delivery.state === 'WAITING') await enqueueTry({ jobs }, tx, delivery)
  return delivery
}

/** How a message stands that is to be sent: nothing goes to a webhook that is paused. */
function openState(webhook: WebhookState, now: Date): Pick<Delivery, 'state' | 'nextAt'> {
  return webhook === 'PAUSED' ? { state: 'HELD', nextAt: null } : { state: 'WAITING', nextAt: now }
}

/** Messages of one webhook that are sent at once, so that a slow one leaves room for the others. */
const lanes = 3

/** The tries of one message never run at once: it keeps to its lane. */
export async function enqueueTry(
  { jobs }: Enqueuing,
  tx: Tx,
  { id, webhookId, nextAt }: Pick<Delivery, 'id' | 'webhookId' | 'nextAt'>,
): Promise<void> {
  const lane = Number.parseInt(id.slice(-4), 16) % lanes
  // A moment that has come needs no clock: the job is told of at once.
  const later = nextAt && nextAt.getTime() > Date.now() ? { notBefore: nextAt } : {}
  await jobs.enqueue(tx, deliveryQueue, { deliveryId: id }, { key: `${webhookId}:${lane}`, ...later })
}

/** Null when there is none, or none whose words the viewer could read of themselves. */
export async function findReadableDelivery(tx: Tx, viewer: Viewer, id: string): Promise<Delivery | null> {
  const found = await findDelivery(tx, id)
  return found && readableTypes(viewer).includes(found.type) ? found : null
}

/** Sends a message once more, under the id that it had; held for a webhook that is paused, until it is resumed. */
export async function replayDelivery(platform: Platform, viewer: Viewer, id: string): Promise<Delivery> {
  const secrets = await secretsOf(platform, viewer.organizationId)
  return platform.sql.withOrganization(viewer, async (tx) => {
    // The webhook first, as everybody who changes both takes them.
    const found = await findReadableDelivery(tx, viewer, id)
    const webhook = found && (await findWebhook(tx, secrets, { id: found.webhookId, hold: true }))
    const delivery = webhook && (await findDelivery(tx, id, true))
    if (!delivery) throw new NotFound()
    const now = new Date()
    const reopened: Delivery = { ...delivery, ...openState(webhook.state, now), triedSince: now, settledAt: null }
    await updateDelivery(tx, reopened)
    await openProbe(tx, webhook.id)
    if (reopened.state === 'WAITING') await enqueueTry(platform, tx, reopened)
    return reopened
  })
}

interface Period {
  webhookId: string
  from: Date
  to: Date
  failedOnly: boolean
}

/** Sends once more what was to be told in a period, as far as the viewer could read it, each under the id that it had; answers how many messages that are. */
export async function replayPeriod(platform: Platform, viewer: Viewer, period: Period): Promise<number> {
  const { webhookId, from, to, failedOnly } = period
  if (from > to) throw new InvalidInput('A period ends after it begins.', ['input', 'to'])
  const secrets = await secretsOf(platform, viewer.organizationId)
  return platform.sql.withOrganization(viewer, async (tx) => {
    if (!(await findWebhook(tx, secrets, { id: webhookId }))) throw new NotFound()
    const states: DeliveryState[] = failedOnly ? ['FAILED', 'SKIPPED'] : ['FAILED', 'SKIPPED', 'DELIVERED']
    const count = await reopenDeliveries(tx, { webhookId, from, to, states, types: readableTypes(viewer) })
    await platform.jobs.enqueue(tx, releaseQueue, { webhookId }, { key: webhookId })
    return count
  })
}

const releasedAtOnce = 200

/** Sends what is held for a webhook, oldest first; nothing while it is paused. */
export async function releaseHeld(platform: Platform, organizationId: string, webhookId: string): Promise<void> {
  const secrets = await secretsOf(platform, organizationId)
  const releaseMore = (): Promise<boolean> =>
    platform.sql.withOrganization({ organizationId }, async (tx) => {
      const webhook = await findWebhook(tx, secrets, { id: webhookId, hold: true })
      if (webhook?.state !== 'ACTIVE') return false
      const ids = await releaseSome(tx, webhookId, releasedAtOnce)
      for (const id of ids) {
        const delivery = await findDelivery(tx, id)
        if (delivery) await enqueueTry(platform, tx, delivery)
      }
      return ids.length === releasedAtOnce
    })
  while (await releaseMore());
}
