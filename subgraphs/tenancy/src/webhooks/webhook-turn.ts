import type { Tx } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import type { Secrets } from '../secrets.ts'
import { enqueueTry, type Delivery } from './webhook-delivery.ts'
import { findDelivery, releasePutOff, updateDelivery } from './webhook-delivery.store.ts'
import { tellFailing } from './webhook.pause.ts'
import { nextTurn } from './webhook.schedule.ts'
import { claimProbe, findWebhook } from './webhook.store.ts'
import type { Webhook } from './webhook.ts'

/** A job that comes a little early is not sent away for it. */
const earlyMs = 1_000
/** How many of those that were put off follow each that arrives: what fails again puts off few. */
const followers = 3

/** A message that may be sent now. */
export interface Turn {
  delivery: Delivery
  webhook: Webhook
}

interface Hand {
  platform: Pick<Platform, 'jobs'>
  tx: Tx
  secrets: Secrets
}

/**
 * The message, when it is its turn; null when there is nothing to send now. While nothing arrives at a webhook one message at a time is sent to it and the others are put off without being
 * sent, so that who never answers fills no places; a trial is sent. One whose webhook is paused is held.
 */
export async function takeTurn({ platform, tx, secrets }: Hand, deliveryId: string): Promise<Turn | null> {
  const found = await findDelivery(tx, deliveryId)
  if (!found || !isDue(found)) return null
  const asItIs = await findWebhook(tx, secrets, { id: found.webhookId })
  if (asItIs?.state === 'ACTIVE' && !asItIs.failingSince) return { delivery: found, webhook: asItIs }
  // The webhook first, as everybody who changes both takes them.
  const webhook = await findWebhook(tx, secrets, { id: found.webhookId, hold: true })
  const delivery = webhook && (await findDelivery(tx, deliveryId, true))
  if (!delivery || !isDue(delivery)) return null
  if (webhook.state === 'PAUSED') await updateDelivery(tx, { ...delivery, state: 'HELD', nextAt: null })
  else if (!webhook.failingSince || isTrial(delivery) || (await claimProbe(tx, webhook.id)))
    return { delivery, webhook }
  else await putOff({ platform, tx }, { delivery, webhook })
  return null
}

function isDue({ state, nextAt }: Delivery): boolean {
  return state === 'WAITING' && nextAt !== null && nextAt.getTime() <= Date.now() + earlyMs
}

function isTrial({ factPosition }: Delivery): boolean {
  return factPosition === null
}

async function putOff({ platform, tx }: Omit<Hand, 'secrets'>, { delivery, webhook }: Turn): Promise<void> {
  const now = new Date()
  const nextAt = nextTurn(delivery.triedSince, now)
  if (nextAt) {
    await updateDelivery(tx, { ...delivery, nextAt })
    return enqueueTry(platform, tx, { ...delivery, nextAt })
  }
  await updateDelivery(tx, { ...delivery, state: 'FAILED', nextAt: null, settledAt: now })
  const { id, failingSince: since, failingTold } = webhook
  if (since && !failingTold) await tellFailing(tx, { id, since })
}

/** Once something arrives after all: some of those that were put off go at once, and each of them lets others follow. */
export async function letFollow(platform: Pick<Platform, 'jobs'>, tx: Tx, webhookId: string): Promise<void> {
  for (const id of await releasePutOff(tx, webhookId, followers))
    await enqueueTry(platform, tx, { id, webhookId, nextAt: null })
}
