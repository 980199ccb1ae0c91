import { OutgoingFailure, type OutgoingAnswer } from '@passerelle/platform/outgoing'
import type { Job } from '@passerelle/platform/jobs'
import type { Tx } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import { secretsOf } from '../secrets.ts'
import { enqueueTry, type Delivery } from './webhook-delivery.ts'
import { findDelivery, insertAttempt, updateDelivery } from './webhook-delivery.store.ts'
import { letFollow, takeTurn, type Turn } from './webhook-turn.ts'
import { pause, tellFailing } from './webhook.pause.ts'
import { nextTry } from './webhook.schedule.ts'
import { signatureHeaders } from './webhook.sign.ts'
import { findWebhook, noteArrival, noteTrouble } from './webhook.store.ts'
import type { Webhook } from './webhook.ts'

const timeoutMs = 15_000
const answerBytes = 1_024
/** After so long without anything arriving nobody seems to be there. */
const troubleMs = 5 * 24 * 3_600_000

type Outcome = { answer: OutgoingAnswer } | { failure: OutgoingFailure }

/**
 * One try of one message. A process that is killed between the answer and writing it down sends it again, under the same id. A job whose message has been
 * delivered, held or put off meanwhile does nothing.
 */
export async function tryDelivery(
  platform: Platform,
  { organizationId, data, signal }: Job<{ deliveryId: string }>,
): Promise<void> {
  const secrets = await secretsOf(platform, organizationId)
  const found = await platform.sql.withOrganization({ organizationId }, (tx) =>
    takeTurn({ platform, tx, secrets }, data.deliveryId),
  )
  if (!found) return
  const at = new Date()
  const outcome = await ask(platform, found, { at, signal })
  await platform.sql.withOrganization({ organizationId }, async (tx) => {
    // The webhook first, as everybody who changes both takes them.
    if (await findWebhook(tx, secrets, { id: found.webhook.id, hold: true }))
      await settle(platform, tx, { ...found, at, outcome })
  })
}

async function ask(
  { outgoing }: Pick<Platform, 'outgoing'>,
  { delivery: { id, body }, webhook }: Turn,
  { at, signal }: { at: Date; signal: AbortSignal },
): Promise<Outcome> {
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Passerelle',
    ...signatureHeaders({ id, body, at }, secretsThatSign(webhook, at)),
  }
  const own = webhook.kind === 'FACTS' ? headers : { 'content-type': 'application/json', 'user-agent': 'Passerelle' }
  try {
    return { answer: await outgoing.post({ url: webhook.url, headers: own, body, timeoutMs, answerBytes, signal }) }
  } catch (error) {
    if (error instanceof OutgoingFailure) return { failure: error }
    throw error
  }
}

function secretsThatSign({ secret, previousSecret, previousUntil }: Webhook, at: Date): string[] {
  const both = [secret, previousUntil && previousUntil > at ? previousSecret : null]
  return both.filter((each) => each !== null)
}

interface Tried extends Turn {
  at: Date
  outcome: Outcome
}

async function settle(platform: Platform, tx: Tx, { delivery: { id }, webhook, at, outcome }: Tried): Promise<void> {
  const delivery = await findDelivery(tx, id, true)
  if (!delivery) return
  const { answer, failure } = { answer: null, failure: null, ...outcome }
  const number = delivery.attempts + 1
  await insertAttempt(tx, delivery.organizationId, {
    deliveryId: id,
    number,
    at,
    status: answer?.status ?? null,
    failure: failure?.code ?? null,
    latencyMs: answer?.latencyMs ?? Date.now() - at.getTime(),
    answer: answer?.body ?? null,
  })
  const tried: Delivery = { ...delivery, attempts: number }
  if (answer && answer.status >= 200 && answer.status < 300) {
    await updateDelivery(tx, { ...tried, state: 'DELIVERED', nextAt: null, settledAt: new Date() })
    const wasFailing = await noteArrival(tx, webhook.id)
    if (wasFailing || wasPutOff(delivery)) await letFollow(platform, tx, webhook.id)
    return
  }
  await settleFailure(platform, tx, {
    tried,
    status: answer?.status ?? null,
    retryAfterMs: answer?.retryAfterMs ?? null,
  })
}

function wasPutOff({ nextAt, triedSince }: Delivery): boolean {
  return nextAt !== null && nextAt > triedSince
}

async function settleFailure(
  platform: Platform,
  tx: Tx,
  { tried, status, retryAfterMs }: { tried: Delivery; status: number | null; retryAfterMs: number | null },
): Promise<void> {
  const now = new Date()
  const isGone = status === 410
  const nextAt = isGone ? null : nextTry({ attempts: tried.attempts, since: tried.triedSince, retryAfterMs }, now)
  // Paused in between, it stays held, and its tries are counted.
  const isHeld = tried.state === 'HELD'
  const next: Delivery = nextAt
    ? { ...tried, nextAt: isHeld ? null : nextAt }
    : { ...tried, state: 'FAILED', nextAt: null, settledAt: now }
  await updateDelivery(tx, next)
  if (next.state === 'WAITING') await enqueueTry(platform, tx, next)
  const trouble = await noteTrouble(tx, tried.webhookId)
  if (!trouble) return
  if (isGone) return pause(tx, { id: tried.webhookId }, 'GONE')
  if (now.getTime() - trouble.since.getTime() > troubleMs) return pause(tx, { id: tried.webhookId }, 'FAILING')
  if (next.state === 'FAILED' && !trouble.told) await tellFailing(tx, { id: tried.webhookId, since: trouble.since })
}
