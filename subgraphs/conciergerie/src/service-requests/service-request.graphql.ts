import { requireSearch } from '@passerelle/platform/records'
import { connectionType, pageArgs, requirePage, requireReader, requireScope } from '@passerelle/platform/schema'
import { builder } from '../builder.ts'
import { ClientRef } from '../clients/client.graphql.ts'
import { PropertyRef } from '../properties/property.graphql.ts'
import { EventsConnection, MessagesConnection } from './service-request-thread.graphql.ts'
import { ChannelEnum, KindEnum, StatusEnum, UrgencyEnum } from './service-request-words.graphql.ts'
import { watchRequests, type ServiceRequestChange } from './service-request.facts.ts'
import { listRequests } from './service-request-list.store.ts'
import type { ServiceRequest } from './service-request.ts'
import { UserRef } from '../user.ref.ts'

/** What somebody asks the house to do. */
export const ServiceRequestRef = builder.objectRef<ServiceRequest>('ServiceRequest').implement({
  description: 'What a client asks the house to do, or the house needs itself.',
  interfaces: ['Node'],
  fields: (t) => ({
    kind: t.expose('kind', { tag: 'client', type: KindEnum, description: 'What is asked for.' }),
    title: t.exposeString('title', { tag: 'client', description: 'In one line.' }),
    description: t.exposeString('description', { tag: 'client', nullable: true, description: 'At length, in lines.' }),
    urgency: t.expose('urgency', { tag: 'client', type: UrgencyEnum, description: 'How soon it is needed.' }),
    status: t.expose('status', { tag: 'client', type: StatusEnum, description: 'Where it stands.' }),
    scheduledFor: t.expose('scheduledFor', {
      tag: 'client',
      type: 'DateTime',
      nullable: true,
      description: 'When it will be, or was, done; null while that is open.',
    }),
    createdAt: t.expose('createdAt', { tag: 'client', type: 'DateTime', description: 'When it was asked for.' }),
    updatedAt: t.expose('updatedAt', {
      tag: 'client',
      type: 'DateTime',
      description: 'When something about it was last changed or said.',
    }),
    property: t.field({
      tag: 'client',
      description: 'Where; null where it is nowhere in particular.',
      type: PropertyRef,
      nullable: true,
      resolve: ({ propertyId }, _args, { properties }) => (propertyId === null ? null : properties.load(propertyId)),
    }),
    client: t.field({
      description: 'Who asks; null for what the house needs itself.',
      type: ClientRef,
      nullable: true,
      resolve: ({ clientId }, _args, context) => {
        requireReader(context, 'record:read')
        return clientId === null ? null : context.clients.load(clientId)
      },
    }),
    assignee: t.field({
      description: 'The member who looks after it; null for nobody, and for who may not see the members.',
      type: UserRef,
      nullable: true,
      resolve: ({ assigneeId }, _args, context) => {
        requireScope(context, 'record:read')
        return assigneeId ? { id: assigneeId } : null
      },
    }),
    channel: t.expose('channel', { type: ChannelEnum, description: 'How it came.' }),
    messages: t.field({
      tag: 'client',
      description: 'What was said about it, the newest first. The notes of the house are for the house.',
      type: MessagesConnection,
      args: pageArgs(t),
      resolve: ({ id }, args, context) => {
        requireReader(context, 'record:read')
        return context.requestMessages(id, { page: requirePage(args) })
      },
    }),
    events: t.field({
      tag: 'client',
      description: 'Where it stood and since when, the earliest first.',
      type: EventsConnection,
      args: pageArgs(t),
      resolve: ({ id }, args, context) => {
        requireReader(context, 'record:read')
        return context.requestEvents(id, { page: requirePage(args) })
      },
    }),
  }),
})

const RequestsConnection = connectionType(builder, 'ServiceRequestsConnection', {
  node: ServiceRequestRef,
  tag: 'client',
})

builder.queryField('serviceRequest', (t) =>
  t.field({
    tag: 'client',
    description: 'The request under an id.',
    type: ServiceRequestRef,
    nullable: true,
    args: { id: t.arg.id({ required: true, description: 'Of the request.' }) },
    resolve: (_root, { id }, context) => {
      requireReader(context, 'record:read')
      return context.requests.load(id)
    },
  }),
)

const onlyStatuses = 'Only those that stand at one of these.'

builder.queryField('serviceRequests', (t) =>
  t.field({
    description: 'Requests, the newest first.',
    type: RequestsConnection,
    args: {
      ...pageArgs(t),
      statuses: t.arg({ type: [StatusEnum], description: onlyStatuses }),
      kinds: t.arg({ type: [KindEnum], description: 'Only those that ask for one of these.' }),
      clientId: t.arg.id({ description: 'Only those of this client.' }),
      propertyId: t.arg.id({ description: 'Only those for this property.' }),
      assigneeId: t.arg.id({ description: 'Only those that this member looks after.' }),
      search: t.arg.string({
        description:
          'Part of the title, or of the name of the client or the property, without regard to case and accents.',
      }),
    },
    resolve: async (_root, { statuses, kinds, clientId, propertyId, assigneeId, search, ...args }, context) => {
      const viewer = requireScope(context, 'record:read')
      const { sql: database, sealing } = context.platform
      const page = requirePage(args)
      const filter = {
        search: requireSearch(search),
        statuses: statuses ?? null,
        kinds: kinds ?? null,
        clientId: clientId ?? null,
        propertyId: propertyId ?? null,
        assigneeId: assigneeId ?? null,
      }
      return listRequests({ database, viewer, keys: await sealing.keysOf(viewer.organizationId) }, { page, filter })
    },
  }),
)

builder.objectField(ClientRef, 'serviceRequests', (t) =>
  t.field({
    tag: 'client',
    description: 'What they ask for, the newest first.',
    type: RequestsConnection,
    args: { ...pageArgs(t), statuses: t.arg({ type: [StatusEnum], description: onlyStatuses }) },
    resolve: ({ id }, { statuses, ...args }, context) => {
      requireReader(context, 'record:read')
      return context.requestsOfClients(id, { page: requirePage(args), statuses: statuses ?? null })
    },
  }),
)

builder.objectField(PropertyRef, 'serviceRequests', (t) =>
  t.field({
    description: 'What is asked for there, the newest first.',
    type: RequestsConnection,
    args: { ...pageArgs(t), statuses: t.arg({ type: [StatusEnum], description: onlyStatuses }) },
    resolve: ({ id }, { statuses, ...args }, context) => {
      requireScope(context, 'record:read')
      return context.requestsOfProperties(id, { page: requirePage(args), statuses: statuses ?? null })
    },
  }),
)

const RequestChangeRef = builder.objectRef<ServiceRequestChange>('ServiceRequestChange').implement({
  tag: 'client',
  description: 'Something about a request is different.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Of the request.' }),
    serviceRequest: t.field({
      description: 'As it is now; null once it is gone.',
      type: ServiceRequestRef,
      nullable: true,
      resolve: ({ id }, _args, { requests }) => requests.load(id),
    }),
    cursor: t.exposeString('cursor', { description: 'Continues the subscription after this change.' }),
  }),
})

builder.subscriptionField('serviceRequestChanged', (t) =>
  t.field({
    tag: 'client',
    description: 'Every change of every request and each message: live, after the cursor when there is one.',
    type: RequestChangeRef,
    args: {
      id: t.arg.id({ description: 'Only those of this request.' }),
      after: t.arg.string({ description: 'A cursor of an earlier change; from now on unless told.' }),
    },
    subscribe: (_root, { id, after }, context) =>
      watchRequests(context.platform, { viewer: requireReader(context, 'record:read'), id: id ?? null, after }),
    resolve: (change) => change,
  }),
)
