import {
  EngineUnavailable,
  InvalidInput,
  NotAllowed,
  NotFound,
  QuotaExceeded,
  requireClient,
  requireScope,
  requireViewer,
  type Viewer,
} from '@passerelle/platform/schema'
import { builder, type ConciergerieContext } from '../builder.ts'
import { addServiceRequestMessage } from './service-request-message.ts'
import { cancelServiceRequest, changeServiceRequestStatus } from './service-request-progress.ts'
import { MessageRef } from './service-request-thread.graphql.ts'
import { ChannelEnum, KindEnum, StatusEnum, UrgencyEnum } from './service-request-words.graphql.ts'
import { ServiceRequestRef } from './service-request.graphql.ts'
import { createServiceRequest, updateServiceRequest } from './service-request.ts'

/** A member who writes records, or a client who writes what is theirs: row security shows them no other. */
function requireWriter(context: ConciergerieContext): Viewer {
  return requireViewer(context).clientId === null
    ? requireScope(context, 'record:write')
    : requireClient(context, 'own:write')
}

const words = {
  id: 'Of the request.',
  kind: 'What is asked for.',
  title: 'In one line of at most 200 characters.',
  description: 'At length, at most 4,000 characters.',
  propertyId: 'Where; of those that you see.',
  clientId: 'Who asks; nobody where the house needs it itself.',
  assigneeId: 'The member who looks after it.',
  scheduledFor: 'When it will be done.',
  requestKey:
    'What you call this try; tried again under the same key, for instance after a lost answer, it is done once.',
}

const CreateServiceRequestInput = builder.inputType('CreateServiceRequestInput', {
  description: 'What is asked for. Clients ask in their own name, and leave it to the house who does it and when.',
  fields: (t) => ({
    kind: t.field({ type: KindEnum, required: true, description: words.kind }),
    title: t.string({ required: true, description: words.title }),
    description: t.string({ description: words.description }),
    urgency: t.field({ type: UrgencyEnum, description: 'NORMAL unless told.' }),
    propertyId: t.id({ description: words.propertyId }),
    requestKey: t.string({ description: words.requestKey }),
    clientId: t.id({ tag: 'house', description: words.clientId }),
    assigneeId: t.id({ tag: 'house', description: words.assigneeId }),
    scheduledFor: t.field({ tag: 'house', type: 'DateTime', description: words.scheduledFor }),
    channel: t.field({ tag: 'house', type: ChannelEnum, description: 'How it came; APP unless told.' }),
  }),
})

const UpdateServiceRequestInput = builder.inputType('UpdateServiceRequestInput', {
  description: 'What is left out stays; null clears what need not be there.',
  fields: (t) => ({
    id: t.id({ required: true, description: words.id }),
    kind: t.field({ type: KindEnum, description: words.kind }),
    title: t.string({ description: words.title }),
    description: t.string({ description: words.description }),
    urgency: t.field({ type: UrgencyEnum, description: 'How soon it is needed.' }),
    propertyId: t.id({ description: words.propertyId }),
    clientId: t.id({ description: words.clientId }),
    assigneeId: t.id({ description: words.assigneeId }),
    scheduledFor: t.field({ type: 'DateTime', description: words.scheduledFor }),
    channel: t.field({ type: ChannelEnum, description: 'How it came.' }),
  }),
})

const ChangeServiceRequestStatusInput = builder.inputType('ChangeServiceRequestStatusInput', {
  description: 'Where a request stands from now on.',
  fields: (t) => ({
    id: t.id({ required: true, description: words.id }),
    status: t.field({ type: StatusEnum, required: true, description: 'It must be able to follow where it stands.' }),
    scheduledFor: t.field({ type: 'DateTime', description: `${words.scheduledFor} Needed for SCHEDULED.` }),
  }),
})

const AddServiceRequestMessageInput = builder.inputType('AddServiceRequestMessageInput', {
  description: 'Something to say about a request.',
  fields: (t) => ({
    serviceRequestId: t.id({ required: true, description: 'Of which request.' }),
    text: t.string({ required: true, description: 'At most 4,000 characters.' }),
    requestKey: t.string({ description: words.requestKey }),
    internal: t.boolean({ tag: 'house', description: 'True for a note that the client never sees.' }),
  }),
})

builder.mutationField('createServiceRequest', (t) =>
  t.field({
    tag: 'client',
    description:
      'Asks the house to do something. Of a client’s own, 50 are open at a time, and 10 are taken in an hour.',
    type: ServiceRequestRef,
    errors: { types: [InvalidInput, NotAllowed, QuotaExceeded, EngineUnavailable] },
    args: { input: t.arg({ type: CreateServiceRequestInput, required: true, description: 'The request.' }) },
    resolve: (_root, { input }, context) => createServiceRequest(context.platform, requireWriter(context), input),
  }),
)

builder.mutationField('updateServiceRequest', (t) =>
  t.field({
    description: 'Changes what a request says, for whom and where it is, who looks after it, and when.',
    type: ServiceRequestRef,
    errors: { types: [NotFound, NotAllowed, InvalidInput, EngineUnavailable] },
    args: { input: t.arg({ type: UpdateServiceRequestInput, required: true, description: 'The change.' }) },
    resolve: (_root, { input }, context) =>
      updateServiceRequest(context.platform, requireScope(context, 'record:write'), input),
  }),
)

builder.mutationField('changeServiceRequestStatus', (t) =>
  t.field({
    description:
      'Says where a request stands. Steps may be left out and taken back; what has begun cannot be declined.',
    type: ServiceRequestRef,
    errors: { types: [NotFound, NotAllowed, InvalidInput] },
    args: { input: t.arg({ type: ChangeServiceRequestStatusInput, required: true, description: 'The step.' }) },
    resolve: (_root, { input }, context) =>
      changeServiceRequestStatus(context.platform, requireScope(context, 'record:write'), input),
  }),
)

builder.mutationField('cancelServiceRequest', (t) =>
  t.field({
    tag: 'client',
    description: 'Calls a request off. A client does so with their own, while it is NEW or ACCEPTED.',
    type: ServiceRequestRef,
    errors: { types: [NotFound, NotAllowed, InvalidInput] },
    args: { id: t.arg.id({ required: true, description: words.id }) },
    resolve: (_root, { id }, context) => cancelServiceRequest(context.platform, requireWriter(context), id),
  }),
)

builder.mutationField('addServiceRequestMessage', (t) =>
  t.field({
    tag: 'client',
    description: 'Says something about a request, whatever it has come to. Of a client’s own, 30 are taken in an hour.',
    type: MessageRef,
    errors: { types: [NotFound, NotAllowed, InvalidInput, QuotaExceeded] },
    args: { input: t.arg({ type: AddServiceRequestMessageInput, required: true, description: 'The message.' }) },
    resolve: (_root, { input }, context) => addServiceRequestMessage(context.platform, requireWriter(context), input),
  }),
)
