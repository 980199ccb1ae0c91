import { z } from 'zod'
import { audit } from '@passerelle/platform/audit'
import { newId } from '@passerelle/platform/ids'
import { OutgoingFailure } from '@passerelle/platform/outgoing'
import { InvalidInput, NotAllowed, NotFound, parseInput, QuotaExceeded, type Viewer } from '@passerelle/platform/schema'
import type { Tx } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import { secretsOf, type Secrets } from '../secrets.ts'
import { awaitsOthers, skipHeld } from './webhook-delivery.store.ts'
import { pause, subjectOf } from './webhook.pause.ts'
import { readableTypes, requireTypes } from './webhook.policy.ts'
import { releaseQueue } from './webhook.queues.ts'
import { newWebhookSecret } from './webhook.sign.ts'
import { countWebhooks, deleteWebhook, findWebhook, insertWebhook, updateWebhook } from './webhook.store.ts'
import type { Language, PauseReason, WebhookKind, WebhookState } from './webhook.tables.ts'

/** Whoever outside hears what happens here. */
export interface Webhook {
  id: string
  organizationId: string
  kind: WebhookKind
  name: string
  url: string
  /** Types of facts, or kinds of notices. */
  types: string[]
  language: Language
  /** Null for a chat room, whose address is its secret. */
  secret: string | null
  /** Signs beside the new one until then. */
  previousSecret: string | null
  previousUntil: Date | null
  state: WebhookState
  pausedBecause: PauseReason | null
  failingSince: Date | null
  failingTold: boolean
  createdBy: string | null
  createdAt: Date
}

const most = 50
/** How long an old secret signs beside a new one. */
const overlapMs = 24 * 3_600_000

const name = z
  .string()
  .trim()
  .min(1, 'A webhook has a name.')
  .max(100, 'A name has at most 100 characters.')
  .regex(/^\P{Cc}*$/u, 'A name is one line.')
const types = z
  .array(z.string())
  .min(1, 'A webhook hears at least one type.')
  .max(100, 'A webhook names at most 100 types.')
  .transform((named) => [...new Set(named)])
const newWebhook = z.object({
  name,
  url: z.string(),
  types,
  kind: z.enum(['FACTS', 'SLACK', 'TEAMS']).default('FACTS'),
  language: z.enum(['FR', 'EN']).default('FR'),
})

/** Makes a webhook. Its secret is told now and never again. InvalidInput for an address that is not asked, or a type that nothing is of; NotAllowed for what the viewer may not read. */
export async function createWebhook(
  platform: Platform,
  viewer: Viewer,
  input: z.input<typeof newWebhook>,
): Promise<{ webhook: Webhook; secret: string | null }> {
  const given = parseInput(newWebhook, input)
  requireTypes(viewer, given.kind, given.types)
  await requireAddress(platform, given.url)
  const { organizationId, userId: createdBy } = viewer
  const secrets = await secretsOf(platform, organizationId)
  const secret = given.kind === 'FACTS' ? newWebhookSecret() : null
  const webhook: Webhook = {
    ...given,
    id: newId('whk'),
    organizationId,
    secret,
    previousSecret: null,
    previousUntil: null,
    state: 'ACTIVE',
    pausedBecause: null,
    failingSince: null,
    failingTold: false,
    createdBy,
    createdAt: new Date(),
  }
  await platform.sql.withOrganization(viewer, async (tx) => {
    const used = await countWebhooks(tx)
    if (used >= most)
      throw new QuotaExceeded({ message: `An organisation has at most ${most} webhooks.`, limit: most, used })
    await insertWebhook(tx, secrets, webhook)
    audit(tx, {
      action: 'webhook.created',
      subject: subjectOf(webhook),
      detail: { kind: webhook.kind, types: webhook.types.slice(0, 20) },
    })
  })
  return { webhook, secret }
}

const webhookChange = z.object({
  id: z.string(),
  name: name.nullish(),
  url: z.string().nullish(),
  types: types.nullish(),
  language: z.enum(['FR', 'EN']).nullish(),
})

/**
 * Gives a webhook another name, address or other types; what is null stays. What waits goes to the new address, so whoever
 * moves it must be allowed to read all that it hears; otherwise what it hears anew.
 */
export async function changeWebhook(
  platform: Platform,
  viewer: Viewer,
  input: z.input<typeof webhookChange>,
): Promise<Webhook> {
  const { id, name: newName, url, types: newTypes, language } = parseInput(webhookChange, input)
  if (url) await requireAddress(platform, url)
  return change(platform, viewer, { id, action: 'webhook.updated' }, async (webhook, tx) => {
    const hears = newTypes ?? webhook.types
    const isMoved = url && url !== webhook.url
    requireTypes(viewer, webhook.kind, isMoved ? hears : hears.filter((type) => !webhook.types.includes(type)))
    // Also what it heard until it was told to hear less.
    if (isMoved && (await awaitsOthers(tx, id, readableTypes(viewer))))
      throw new NotAllowed('What waits to be sent would go to the new address, and you may not read all of it.')
    return {
      ...webhook,
      name: newName ?? webhook.name,
      url: url ?? webhook.url,
      types: hears,
      language: language ?? webhook.language,
    }
  })
}

/** A new secret, told now and never again; the old one signs beside it for a day. */
export async function rotateSecret(
  platform: Platform,
  viewer: Viewer,
  id: string,
): Promise<{ webhook: Webhook; secret: string | null }> {
  const secret = newWebhookSecret()
  const webhook = await change(platform, viewer, { id, action: 'webhook.secret_rotated' }, (held) => {
    if (held.kind !== 'FACTS') throw new InvalidInput('A chat room has no secret but its address.', ['id'])
    return { ...held, secret, previousSecret: held.secret, previousUntil: new Date(Date.now() + overlapMs) }
  })
  return { webhook, secret }
}

/** Stops deliveries; what happens meanwhile is held. */
export async function pauseWebhook(platform: Platform, viewer: Viewer, id: string): Promise<Webhook> {
  const work = async (tx: Tx, webhook: Webhook): Promise<Webhook> => {
    await pause(tx, webhook, 'PERSON')
    return webhook.state === 'PAUSED' ? webhook : { ...webhook, state: 'PAUSED', pausedBecause: 'PERSON' }
  }
  return inHand(platform, viewer, { id, work })
}

/** Delivers again. What was held goes out, unless it is to be skipped. */
export async function resumeWebhook(
  platform: Platform,
  viewer: Viewer,
  { id, skip }: { id: string; skip: boolean },
): Promise<Webhook> {
  const work = async (tx: Tx, webhook: Webhook, secrets: Secrets): Promise<Webhook> => {
    if (webhook.state === 'ACTIVE') return webhook
    const resumed: Webhook = {
      ...webhook,
      state: 'ACTIVE',
      pausedBecause: null,
      failingSince: null,
      failingTold: false,
    }
    await updateWebhook(tx, secrets, resumed)
    if (skip) await skipHeld(tx, id)
    await platform.jobs.enqueue(tx, releaseQueue, { webhookId: id }, { key: id })
    audit(tx, { action: 'webhook.resumed', subject: subjectOf(webhook), detail: { skip } })
    return resumed
  }
  return inHand(platform, viewer, { id, work })
}

/** Removes a webhook with its log. */
export async function removeWebhook(platform: Platform, viewer: Viewer, id: string): Promise<{ id: string }> {
  const work = async (tx: Tx, webhook: Webhook): Promise<{ id: string }> => {
    await deleteWebhook(tx, id)
    audit(tx, { action: 'webhook.deleted', subject: subjectOf(webhook) })
    return { id }
  }
  return inHand(platform, viewer, { id, work })
}

/** InvalidInput for an address that the house does not ask. */
export async function requireAddress({ outgoing }: Pick<Platform, 'outgoing'>, url: string): Promise<void> {
  await outgoing.check(url).catch((error: unknown) => {
    throw error instanceof OutgoingFailure && error.code === 'ADDRESS_REFUSED'
      ? new InvalidInput(error.message, ['url'])
      : error
  })
}

/** A webhook that is held while it is worked on; NotFound when there is none. */
async function inHand<T>(
  platform: Platform,
  viewer: Viewer,
  { id, work }: { id: string; work: (tx: Tx, webhook: Webhook, secrets: Secrets) => Promise<T> },
): Promise<T> {
  const secrets = await secretsOf(platform, viewer.organizationId)
  return platform.sql.withOrganization(viewer, async (tx) => {
    const webhook = await findWebhook(tx, secrets, { id, hold: true })
    if (!webhook) throw new NotFound()
    return work(tx, webhook, secrets)
  })
}

function change(
  platform: Platform,
  viewer: Viewer,
  { id, action }: { id: string; action: string },
  next: (webhook: Webhook, tx: Tx) => Webhook | Promise<Webhook>,
): Promise<Webhook> {
  const work = async (tx: Tx, webhook: Webhook, secrets: Secrets): Promise<Webhook> => {
    const changed = await next(webhook, tx)
    await updateWebhook(tx, secrets, changed)
    audit(tx, { action, subject: subjectOf(webhook), detail: { types: changed.types.slice(0, 20) } })
    return changed
  }
  return inHand(platform, viewer, { id, work })
}
