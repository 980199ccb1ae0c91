import { factCatalogue, type FactType } from '@passerelle/platform/facts/catalogue'
import {
  connectionType,
  InvalidInput,
  NotAllowed,
  NotFound,
  pageArgs,
  QuotaExceeded,
  requirePage,
  requireScope,
} from '@passerelle/platform/schema'
import { builder } from '../builder.ts'
import { secretsOf } from '../secrets.ts'
import {
  changeWebhook,
  createWebhook,
  pauseWebhook,
  removeWebhook,
  resumeWebhook,
  rotateSecret,
  type Webhook,
} from './webhook.ts'
import { findWebhook, listWebhooks } from './webhook.store.ts'
import { webhookKinds, type Language, type PauseReason, type WebhookKind, type WebhookState } from './webhook.tables.ts'

export const LanguageEnum = builder.enumType('Language', {
  description: 'A language that the house speaks.',
  values: { FR: { description: 'French.' }, EN: { description: 'English.' } } satisfies Record<Language, object>,
})

const KindEnum = builder.enumType('WebhookKind', {
  description: 'Who is told, and in what form.',
  values: {
    FACTS: { description: 'A program: what happens, as signed JSON.' },
    SLACK: { description: 'A Slack channel, by its incoming webhook: notices, in words.' },
    TEAMS: { description: 'A Microsoft Teams channel, by a workflow’s webhook: notices, as a card.' },
  } satisfies Record<WebhookKind, object>,
})

export const WebhookStateEnum = builder.enumType('WebhookState', {
  description: 'Whether messages go out.',
  values: {
    ACTIVE: { description: 'They do.' },
    PAUSED: { description: 'They are held until it is resumed.' },
  } satisfies Record<WebhookState, object>,
})

export const PauseReasonEnum = builder.enumType('WebhookPauseReason', {
  description: 'Why a webhook is paused.',
  values: {
    PERSON: { description: 'Somebody paused it.' },
    FAILING: { description: 'Nothing has arrived for five days.' },
    GONE: { description: 'The receiver said that it is gone for good (410).' },
    ADDRESS_ERASED: { description: 'Its address named somebody who was erased, and needs to be given anew.' },
  } satisfies Record<PauseReason, object>,
})

const FactTypeRef = builder.objectRef<FactType>('FactType').implement({
  description: 'A kind of thing that happens, which a webhook may hear of.',
  fields: (t) => ({
    type: t.exposeString('type', { description: 'Noun first: `shipment.created`.' }),
    description: t.string({
      description: 'One sentence.',
      args: { language: t.arg({ type: LanguageEnum, description: 'French unless told.' }) },
      resolve: (fact, { language }) => (language === 'EN' ? fact.en : fact.fr),
    }),
  }),
})

export const WebhookRef = builder.objectRef<Webhook>('Webhook')
WebhookRef.implement({
  description:
    'An address outside that is told what happens in the organisation: a program, in messages signed by the Standard Webhooks specification, or a chat room.',
  interfaces: ['Node'],
  fields: (t) => ({
    name: t.exposeString('name', { description: 'For people.' }),
    kind: t.expose('kind', { type: KindEnum, description: 'Who is told, and in what form.' }),
    language: t.expose('language', { type: LanguageEnum, description: 'Of a chat room.' }),
    url: t.string({
      description: 'Where messages are sent; of a chat room, whose address is its secret, the host alone.',
      resolve: ({ kind, url }) => (kind === 'FACTS' ? url : `${new URL(url).origin}/…`),
    }),
    types: t.exposeStringList('types', {
      description:
        'What it hears: types of facts, `shipment.*` for all of a noun, `*` for all there are; of a chat room, kinds of notices.',
    }),
    state: t.expose('state', { type: WebhookStateEnum, description: 'Whether messages go out.' }),
    pausedBecause: t.expose('pausedBecause', {
      type: PauseReasonEnum,
      nullable: true,
      description: 'Why it is paused; null while it is not.',
    }),
    failingSince: t.expose('failingSince', {
      type: 'DateTime',
      nullable: true,
      description: 'Since when nothing has arrived; null when the last message did.',
    }),
    previousSecretUntil: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Until when the secret before the last rotation signs too; null when it does not.',
      resolve: ({ previousUntil }) => (previousUntil && previousUntil > new Date() ? previousUntil : null),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'Since when.' }),
  }),
})

const WebhooksConnection = connectionType(builder, 'WebhooksConnection', { node: WebhookRef })

builder.queryFields((t) => ({
  factTypes: t.field({
    description: 'Everything that a webhook may hear of which the caller may read.',
    type: [FactTypeRef],
    resolve: (_root, _args, context) => {
      const { scopes } = requireScope(context, 'webhook:manage')
      return factCatalogue.filter(({ scope }) => scopes.includes(scope))
    },
  }),
  webhooks: t.field({
    description: "The organisation's webhooks, oldest first.",
    type: WebhooksConnection,
    args: {
      ...pageArgs(t),
      kinds: t.arg({ type: [KindEnum], description: 'Only of these kinds; all unless told.' }),
    },
    resolve: async (_root, { kinds, ...args }, context) => {
      const viewer = requireScope(context, 'webhook:manage')
      const secrets = await secretsOf(context.platform, viewer.organizationId)
      return listWebhooks({ sql: context.platform.sql, secrets, viewer }, kinds ?? webhookKinds, requirePage(args))
    },
  }),
  webhook: t.field({
    description: 'One webhook; null when there is none.',
    type: WebhookRef,
    nullable: true,
    args: { id: t.arg.id({ required: true, description: 'Of the webhook.' }) },
    resolve: async (_root, { id }, context) => {
      const viewer = requireScope(context, 'webhook:manage')
      const secrets = await secretsOf(context.platform, viewer.organizationId)
      return context.platform.sql.withOrganization(viewer, (tx) => findWebhook(tx, secrets, { id }))
    },
  }),
}))

const WebhookSecretRef = builder.objectRef<{ webhook: Webhook; secret: string | null }>('WebhookSecret').implement({
  description: 'A webhook with its secret, which is told this once.',
  fields: (t) => ({
    webhook: t.expose('webhook', { type: WebhookRef, description: 'The webhook.' }),
    secret: t.exposeString('secret', {
      nullable: true,
      description: '`whsec_…`: what receivers verify signatures with. It is not told again. Null for a chat room.',
    }),
  }),
})

const DeletedWebhookRef = builder.objectRef<{ id: string }>('DeletedWebhook').implement({
  description: 'A webhook that is gone, with its log.',
  fields: (t) => ({ id: t.exposeID('id', { description: 'The id that it had.' }) }),
})

const CreateWebhookInput = builder.inputType('CreateWebhookInput', {
  description: 'A new webhook.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'For people, at most 100 characters.' }),
    url: t.string({
      required: true,
      description: 'Begins with https:// and is on the internet, unless the operator allows others.',
    }),
    types: t.stringList({
      required: true,
      description:
        'Types of facts; `shipment.*` for all of a noun, `*` for all there are. For a chat room: kinds of notices (`NotificationKind`). The caller must be allowed to read what they tell of.',
    }),
    kind: t.field({ type: KindEnum, description: 'FACTS unless told.' }),
    language: t.field({ type: LanguageEnum, description: 'Of a chat room; French unless told.' }),
  }),
})

const UpdateWebhookInput = builder.inputType('UpdateWebhookInput', {
  description: 'What is to be different; what is left out stays.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'Of the webhook.' }),
    name: t.string({ description: 'For people.' }),
    url: t.string({
      description:
        'Where messages go from now on, those that wait included; the caller must be allowed to read all that it hears.',
    }),
    types: t.stringList({
      description: 'All that it hears from now on; the caller must be allowed to read what is new of it.',
    }),
    language: t.field({ type: LanguageEnum, description: 'Of a chat room.' }),
  }),
})

const refusals = { types: [NotFound, NotAllowed, InvalidInput] }

builder.mutationFields((t) => ({
  createWebhook: t.field({
    description:
      'Makes a webhook. It hears what happens from now on; its secret is in the answer and is not told again.',
    type: WebhookSecretRef,
    errors: { types: [NotAllowed, InvalidInput, QuotaExceeded] },
    args: { input: t.arg({ type: CreateWebhookInput, required: true, description: 'The webhook.' }) },
    resolve: (_root, { input }, context) =>
      createWebhook(context.platform, requireScope(context, 'webhook:manage'), {
        ...input,
        kind: input.kind ?? undefined,
        language: input.language ?? undefined,
      }),
  }),
  updateWebhook: t.field({
    description: 'Gives a webhook another name, address or other types.',
    type: WebhookRef,
    errors: refusals,
    args: { input: t.arg({ type: UpdateWebhookInput, required: true, description: 'The change.' }) },
    resolve: (_root, { input }, context) =>
      changeWebhook(context.platform, requireScope(context, 'webhook:manage'), input),
  }),
  rotateWebhookSecret: t.field({
    description: 'Gives a webhook a new secret, which is told this once. The old one signs beside it for 24 hours.',
    type: WebhookSecretRef,
    errors: refusals,
    args: { id: t.arg.id({ required: true, description: 'Of the webhook.' }) },
    resolve: (_root, { id }, context) => rotateSecret(context.platform, requireScope(context, 'webhook:manage'), id),
  }),
  pauseWebhook: t.field({
    description: 'Holds messages from now on, those that wait included.',
    type: WebhookRef,
    errors: { types: [NotFound, NotAllowed] },
    args: { id: t.arg.id({ required: true, description: 'Of the webhook.' }) },
    resolve: (_root, { id }, context) => pauseWebhook(context.platform, requireScope(context, 'webhook:manage'), id),
  }),
  resumeWebhook: t.field({
    description: 'Lets messages go out again, those that were held first.',
    type: WebhookRef,
    errors: { types: [NotFound, NotAllowed] },
    args: {
      id: t.arg.id({ required: true, description: 'Of the webhook.' }),
      skipHeld: t.arg.boolean({ description: 'True to let go of what was held; it is sent unless told.' }),
    },
    resolve: (_root, { id, skipHeld }, context) =>
      resumeWebhook(context.platform, requireScope(context, 'webhook:manage'), { id, skip: skipHeld ?? false }),
  }),
  deleteWebhook: t.field({
    description: 'Removes a webhook with its log; what waits is not sent.',
    type: DeletedWebhookRef,
    errors: { types: [NotFound, NotAllowed] },
    args: { id: t.arg.id({ required: true, description: 'Of the webhook.' }) },
    resolve: (_root, { id }, context) => removeWebhook(context.platform, requireScope(context, 'webhook:manage'), id),
  }),
}))
