import { connectionType, requireScope } from '@passerelle/platform/schema'
import { builder } from '../builder.ts'
import type { ServiceRequestEvent } from './service-request-event.store.ts'
import type { ServiceRequestMessage } from './service-request-message.ts'
import { AuthorEnum, StatusEnum } from './service-request-words.graphql.ts'
import { UserRef } from '../user.ref.ts'

const EventRef = builder.objectRef<ServiceRequestEvent>('ServiceRequestEvent').implement({
  description: "One line of a request's history.",
  fields: (t) => ({
    id: t.exposeID('id', { tag: 'client', description: 'Of this line.' }),
    status: t.expose('status', { tag: 'client', type: StatusEnum, description: 'Where it stood from then on.' }),
    author: t.expose('author', { tag: 'client', type: AuthorEnum, description: 'Who said so.' }),
    occurredAt: t.expose('occurredAt', { tag: 'client', type: 'DateTime', description: 'When.' }),
    actor: t.field({
      description: 'The member who said so; null for a client or a program, and for who may not see the members.',
      type: UserRef,
      nullable: true,
      resolve: ({ actor }, _args, context) => {
        requireScope(context, 'record:read')
        return actor ? { id: actor } : null
      },
    }),
  }),
})

/** What the house or the client said. */
export const MessageRef = builder.objectRef<ServiceRequestMessage>('ServiceRequestMessage').implement({
  description: 'What the house or the client says about a request, or a note that the house keeps for itself.',
  fields: (t) => ({
    id: t.exposeID('id', { tag: 'client', description: 'Of the message.' }),
    author: t.expose('author', { tag: 'client', type: AuthorEnum, description: 'Who says it.' }),
    text: t.exposeString('text', { tag: 'client', description: 'As typed, in lines.' }),
    createdAt: t.expose('createdAt', { tag: 'client', type: 'DateTime', description: 'When it was written.' }),
    internal: t.exposeBoolean('internal', { description: 'True for a note that the client never sees.' }),
    actor: t.field({
      description: 'The member who wrote it; null for a client or a program, and for who may not see the members.',
      type: UserRef,
      nullable: true,
      resolve: ({ actor }, _args, context) => {
        requireScope(context, 'record:read')
        return actor ? { id: actor } : null
      },
    }),
  }),
})

export const EventsConnection = connectionType(builder, 'ServiceRequestEventsConnection', {
  node: EventRef,
  tag: 'client',
})
export const MessagesConnection = connectionType(builder, 'ServiceRequestMessagesConnection', {
  node: MessageRef,
  tag: 'client',
})
