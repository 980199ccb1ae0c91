import DataLoader from 'dataloader'
import {
  connectionType,
  InvalidInput,
  NotAllowed,
  NotFound,
  pageArgs,
  requirePage,
  requireScope,
  requireViewer,
} from '@passerelle/platform/schema'
import { builder, type TenancyContext } from '../builder.ts'
import { pingWebhook } from './webhook-ping.ts'
import { findReadableDelivery, replayDelivery, replayPeriod, type Attempt, type Delivery } from './webhook-delivery.ts'
import { listDeliveries, loadAttempts } from './webhook-delivery.store.ts'
import { WebhookRef } from './webhook.graphql.ts'
import type { DeliveryState } from './webhook.tables.ts'

const DeliveryStateEnum = builder.enumType('WebhookDeliveryState', {
  description: 'How a message has fared.',
  values: {
    WAITING: { description: 'It is about to be sent, or to be tried again.' },
    HELD: { description: 'Its webhook is paused, or it is about to be sent once more.' },
    DELIVERED: { description: 'It was answered with a status of 200 to 299.' },
    FAILED: { description: 'A day of tries is over, or the receiver is gone.' },
    SKIPPED: { description: 'It was held, and let go.' },
  } satisfies Record<DeliveryState, object>,
})

const AttemptRef = builder.objectRef<Attempt>('WebhookAttempt').implement({
  description: 'One try to deliver a message.',
  fields: (t) => ({
    number: t.exposeInt('number', { description: 'From 1.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When it was sent.' }),
    status: t.exposeInt('status', {
      nullable: true,
      description: 'The HTTP status of the answer; null when none came.',
    }),
    failure: t.exposeString('failure', {
      nullable: true,
      description:
        'Why no answer came: ADDRESS_REFUSED, NAME_UNKNOWN, NOT_REACHED, CERTIFICATE or TIMED_OUT; null when one did.',
    }),
    latencyMs: t.exposeInt('latencyMs', { nullable: true, description: 'How long it took, in milliseconds.' }),
    answer: t.exposeString('answer', { nullable: true, description: 'The first kilobyte of the answer.' }),
  }),
})

export const DeliveryRef = builder.objectRef<Delivery>('WebhookDelivery')
DeliveryRef.implement({
  description: 'One message to a webhook. Its id is the `webhook-id` header, the same however often it is sent.',
  interfaces: ['Node'],
  fields: (t) => ({
    type: t.exposeString('type', { description: 'Of the fact it tells; `webhook.ping` for a trial.' }),
    body: t.exposeString('body', { description: 'What is sent, to the letter.' }),
    state: t.expose('state', { type: DeliveryStateEnum, description: 'How it has fared.' }),
    nextTryAt: t.expose('nextAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it is tried next; null when it is not.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was written.' }),
    settledAt: t.expose('settledAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it arrived or was given up.',
    }),
    attempts: t.field({
      description: 'Its tries, first to last.',
      type: [AttemptRef],
      resolve: ({ id }, _args, context) => attemptsOf(context).load(id),
    }),
  }),
})

/** One read for all the messages of an answer. */
const loaders = new WeakMap<TenancyContext, DataLoader<string, Attempt[]>>()

function attemptsOf(context: TenancyContext): DataLoader<string, Attempt[]> {
  const known = loaders.get(context)
  if (known) return known
  const viewer = requireViewer(context)
  const loader = new DataLoader<string, Attempt[]>(async (ids) => {
    const found = await context.platform.sql.withOrganization(viewer, (tx) => loadAttempts(tx, ids))
    const byId = Map.groupBy(found, ({ deliveryId }) => deliveryId)
    return ids.map((id) => byId.get(id) ?? [])
  })
  loaders.set(context, loader)
  return loader
}

const DeliveriesConnection = connectionType(builder, 'WebhookDeliveriesConnection', { node: DeliveryRef })

builder.objectField(WebhookRef, 'deliveries', (t) =>
  t.field({
    description: 'What was sent to it in the last 30 days, newest first.',
    type: DeliveriesConnection,
    args: {
      ...pageArgs(t),
      states: t.arg({ type: [DeliveryStateEnum], description: 'Only those that stand so; all unless told.' }),
    },
    resolve: ({ id: webhookId }, { states, ...args }, context) => {
      const viewer = requireScope(context, 'webhook:manage')
      const filter = { webhookId, states: states ?? null }
      return listDeliveries({ sql: context.platform.sql, viewer }, filter, requirePage(args))
    },
  }),
)

builder.queryField('webhookDelivery', (t) =>
  t.field({
    description: 'One message to a webhook; null when there is none.',
    type: DeliveryRef,
    nullable: true,
    args: { id: t.arg.id({ required: true, description: 'Of the message.' }) },
    resolve: (_root, { id }, context) => {
      const viewer = requireScope(context, 'webhook:manage')
      return context.platform.sql.withOrganization(viewer, (tx) => findReadableDelivery(tx, viewer, id))
    },
  }),
)

const ReplayWebhookInput = builder.inputType('ReplayWebhookInput', {
  description: 'Which messages are sent once more.',
  fields: (t) => ({
    webhookId: t.id({ required: true, description: 'The webhook.' }),
    from: t.field({ type: 'DateTime', required: true, description: 'Written then or later.' }),
    to: t.field({ type: 'DateTime', required: true, description: 'Written then or earlier.' }),
    failedOnly: t.boolean({ description: 'False to send also what has arrived; true unless told.' }),
  }),
})

const ReplayedRef = builder.objectRef<{ count: number }>('WebhookReplayed').implement({
  description: 'Messages that are sent once more.',
  fields: (t) => ({ count: t.exposeInt('count', { description: 'How many.' }) }),
})

builder.mutationFields((t) => ({
  pingWebhook: t.field({
    description:
      'Sends a webhook a message of the type `webhook.ping`, which tells nothing; a chat room is told that notices will come.',
    type: DeliveryRef,
    errors: { types: [NotFound, NotAllowed, InvalidInput] },
    args: { id: t.arg.id({ required: true, description: 'Of the webhook.' }) },
    resolve: (_root, { id }, context) => pingWebhook(context.platform, requireScope(context, 'webhook:manage'), id),
  }),
  replayWebhookDelivery: t.field({
    description: 'Sends a message once more, under the same `webhook-id`.',
    type: DeliveryRef,
    errors: { types: [NotFound, NotAllowed] },
    args: { id: t.arg.id({ required: true, description: 'Of the message.' }) },
    resolve: (_root, { id }, context) => replayDelivery(context.platform, requireScope(context, 'webhook:manage'), id),
  }),
  replayWebhookDeliveries: t.field({
    description: 'Sends the messages of a period once more, each under the `webhook-id` that it had.',
    type: ReplayedRef,
    errors: { types: [NotFound, NotAllowed, InvalidInput] },
    args: { input: t.arg({ type: ReplayWebhookInput, required: true, description: 'Which.' }) },
    resolve: async (_root, { input }, context) => ({
      count: await replayPeriod(context.platform, requireScope(context, 'webhook:manage'), {
        ...input,
        failedOnly: input.failedOnly ?? true,
      }),
    }),
  }),
}))
