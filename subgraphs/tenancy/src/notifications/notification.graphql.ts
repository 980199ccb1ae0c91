import {
  connectionType,
  InvalidInput,
  NotAllowed,
  pageArgs,
  requirePage,
  requirePerson,
} from '@passerelle/platform/schema'
import { builder } from '../builder.ts'
import { watchNotifications, type NotificationChange } from './notification.facts.ts'
import { noticeKinds, type NoticeKind } from './notification.rules.ts'
import { countUnread, findNotification, listNotifications, type NotificationView } from './notification.store.ts'
import { archiveNotifications, markAllNotifications, markNotifications, type Notification } from './notification.ts'
import { lineOf, placeOf } from './notification.words.ts'
import { LanguageEnum } from '../webhooks/webhook.graphql.ts'

const descriptions: Record<NoticeKind, string> = {
  DOCUMENT_READY: 'A document that one uploaded is read.',
  DOCUMENT_FAILED: 'A document that one uploaded could not be read.',
  QUESTION_WAITS: 'A question was handed over to those who answer.',
  QUESTION_TAKEN: 'A colleague has taken the question that one handed over.',
  QUESTION_ANSWERED: 'The question that one handed over is answered.',
  REQUEST_RECEIVED: 'A client asks the house to do something.',
  REQUEST_MESSAGE: 'A client has written about a request that one looks after, or nobody does yet.',
  APPROVAL_WAITS: 'A proposal waits for those who decide.',
  APPROVAL_DECIDED: 'What one proposed is approved, rejected, expired or failed.',
  USAGE_NEAR: 'Most of what the plan holds is used.',
  USAGE_OVER: 'All of what the plan holds is used.',
  KEY_EXPIRING: 'An API key ends within two weeks.',
  WEBHOOK_FAILING: 'Nothing arrives at a webhook, or it was paused for that.',
  WORKFLOW_FAILED: 'A run that one started has failed or timed out.',
  WORKFLOW_DONE: 'A run that one started is done.',
  INVITATION_ACCEPTED: 'Somebody has joined the organisation.',
  ROLES_CHANGED: 'One’s rights have changed.',
  NEW_DEVICE: 'One has logged in from a device that was not seen before.',
  PASSWORD_CHANGED: 'One’s password was changed.',
  SESSION_REUSED: 'A session was ended because its token was used twice.',
}

export const KindEnum = builder.enumType('NotificationKind', {
  description: 'What people are told of.',
  values: Object.fromEntries(noticeKinds.map((kind) => [kind, { description: descriptions[kind] }])) as Record<
    NoticeKind,
    { description: string }
  >,
})

const DocumentStub = builder.externalRef('Document', builder.selection<{ id: string }>('id')).implement({
  externalFields: (t) => ({ id: t.id() }),
})

const NotificationRef = builder.objectRef<Notification>('Notification')
NotificationRef.implement({
  description: 'What one person was told.',
  interfaces: ['Node'],
  fields: (t) => ({
    kind: t.expose('kind', { type: KindEnum, description: 'What it is of.' }),
    text: t.string({
      description: 'One line, which names nobody and quotes nothing.',
      args: { language: t.arg({ type: LanguageEnum, description: 'French unless told.' }) },
      resolve: (notification, { language }) => lineOf(notification, language ?? 'FR'),
    }),
    link: t.string({
      description: 'Where in the application it is seen: a path such as `/documents/doc_…`.',
      resolve: placeOf,
    }),
    subjectId: t.exposeString('subjectId', { description: 'The id of what it is about.' }),
    document: t.field({
      description: 'The document that it is about; null for other kinds, and once it is gone.',
      type: DocumentStub,
      nullable: true,
      resolve: ({ kind, subjectId }) => (kind.startsWith('DOCUMENT_') ? { id: subjectId } : null),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it happened.' }),
    readAt: t.expose('readAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was read; null while it is not.',
    }),
    archivedAt: t.expose('archivedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was put away; null while it is not.',
    }),
  }),
})

const ViewEnum = builder.enumType('NotificationView', {
  description: 'Which notices a list holds.',
  values: {
    ALL: { description: 'All that are not put away.' },
    UNREAD: { description: 'Those of them that have not been read.' },
    ARCHIVED: { description: 'Those that are put away.' },
  } satisfies Record<NotificationView, object>,
})

const NotificationsConnection = connectionType(builder, 'NotificationsConnection', { node: NotificationRef })

builder.queryFields((t) => ({
  notifications: t.field({
    description: 'What the person who asks was told, newest first.',
    type: NotificationsConnection,
    args: { ...pageArgs(t), view: t.arg({ type: ViewEnum, description: 'ALL unless told.' }) },
    resolve: (_root, { view, ...args }, context) =>
      listNotifications(
        { sql: context.platform.sql, person: requirePerson(context) },
        view ?? 'ALL',
        requirePage(args),
      ),
  }),
  unreadNotifications: t.int({
    description: 'How many of them the person has not read.',
    resolve: (_root, _args, context) => {
      const person = requirePerson(context)
      return context.platform.sql.withOrganization(person, (tx) => countUnread(tx, person.userId))
    },
  }),
}))

const ChangeRef = builder.objectRef<NotificationChange>('NotificationReceived').implement({
  description: 'The person was told something, or has read something elsewhere.',
  fields: (t) => ({
    notification: t.field({
      description: 'What they were told; null when only what is read has changed.',
      type: NotificationRef,
      nullable: true,
      resolve: ({ id }, _args, context) => {
        const person = requirePerson(context)
        return id
          ? context.platform.sql.withOrganization(person, (tx) => findNotification(tx, { id, userId: person.userId }))
          : null
      },
    }),
    unread: t.int({
      description: 'How many are unread now.',
      resolve: (_change, _args, context) => {
        const person = requirePerson(context)
        return context.platform.sql.withOrganization(person, (tx) => countUnread(tx, person.userId))
      },
    }),
    cursor: t.exposeString('cursor', { description: 'Continue after this one with `after`.' }),
  }),
})

builder.subscriptionField('notificationReceived', (t) =>
  t.field({
    description: 'What the person who asks is told, from now on or after a cursor.',
    type: ChangeRef,
    args: { after: t.arg.string({ description: 'A cursor of an earlier change.' }) },
    subscribe: (_root, { after }, context) =>
      watchNotifications(context.platform, {
        person: requirePerson(context),
        after: after ?? null,
        signal: context.signal,
      }),
    resolve: (change) => change,
  }),
)

const ChangedRef = builder
  .objectRef<{ count: number; userId: string; organizationId: string }>('NotificationsChanged')
  .implement({
    description: 'Notices of the person that are different now.',
    fields: (t) => ({
      count: t.exposeInt('count', { description: 'How many.' }),
      unread: t.int({
        description: 'How many are unread now.',
        resolve: (changed, _args, { platform }) =>
          platform.sql.withOrganization(changed, (tx) => countUnread(tx, changed.userId)),
      }),
    }),
  })

const ids = 'Of the notices; at most 100. Those that are not the person’s own are passed over.'
const refusals = { types: [NotAllowed, InvalidInput] }

builder.mutationFields((t) => ({
  markNotificationsRead: t.field({
    description: 'Marks notices as read, or as unread.',
    type: ChangedRef,
    errors: refusals,
    args: {
      ids: t.arg.idList({ required: true, description: ids }),
      read: t.arg.boolean({ description: 'False for unread; true unless told.' }),
    },
    resolve: async (_root, args, context) => {
      const person = requirePerson(context)
      const count = await markNotifications(context.platform.sql, person, { ids: args.ids, read: args.read ?? true })
      return { ...person, count }
    },
  }),
  markAllNotificationsRead: t.field({
    description: 'Marks all that the person was told as read.',
    type: ChangedRef,
    errors: { types: [NotAllowed] },
    resolve: async (_root, _args, context) => {
      const person = requirePerson(context)
      return { ...person, count: await markAllNotifications(context.platform.sql, person) }
    },
  }),
  archiveNotifications: t.field({
    description: 'Puts notices away, or back.',
    type: ChangedRef,
    errors: refusals,
    args: {
      ids: t.arg.idList({ required: true, description: ids }),
      archived: t.arg.boolean({ description: 'False to put them back; true unless told.' }),
    },
    resolve: async (_root, args, context) => {
      const person = requirePerson(context)
      const change = { ids: args.ids, archived: args.archived ?? true }
      return { ...person, count: await archiveNotifications(context.platform.sql, person, change) }
    },
  }),
}))
