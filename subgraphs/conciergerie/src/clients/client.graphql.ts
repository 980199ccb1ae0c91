import { linkKeysOf, requireSearch } from '@passerelle/platform/records'
import {
  InvalidInput,
  NotAllowed,
  NotFound,
  connectionType,
  pageArgs,
  requirePage,
  requireReader,
  requireScope,
  type InputFields,
} from '@passerelle/platform/schema'
import { builder, type ConciergerieContext } from '../builder.ts'
import { toClientRecord } from './client.record.ts'
import { listClients } from './client.store.ts'
import { createClient, updateClient, type Client } from './client.ts'

/** Whom the organisation works for. */
export const ClientRef = builder.objectRef<Client>('Client').implement({
  description: 'Whom the organisation works for: an owner, a guest, a company.',
  interfaces: ['Node'],
  fields: (t) => ({
    name: t.exposeString('name', { tag: 'client', description: 'Of the person or the company.' }),
    email: t.exposeString('email', { tag: 'client', nullable: true, description: 'As typed.' }),
    phone: t.exposeString('phone', { tag: 'client', nullable: true, description: 'As typed.' }),
    siren: t.exposeString('siren', { nullable: true, description: 'As typed; its check digit is right.' }),
    vatNumber: t.exposeString('vatNumber', { nullable: true, description: 'As typed; its check digits are right.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was written down.' }),
    linkKeys: t.stringList({
      description: 'The normalised keys under which documents know it, strong to weak.',
      inaccessible: true,
      resolve: (client) => linkKeysOf(toClientRecord(client)),
    }),
  }),
})

builder.asEntity(ClientRef, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: ({ id }, context) => {
    requireReader(context, 'record:read')
    return context.clients.load(id)
  },
})

const ClientsConnection = connectionType(builder, 'ClientsConnection', { node: ClientRef })

builder.queryField('client', (t) =>
  t.field({
    description: 'The client under an id.',
    type: ClientRef,
    nullable: true,
    args: { id: t.arg.id({ required: true, description: 'Of the client.' }) },
    resolve: (_root, { id }, context) => {
      requireScope(context, 'record:read')
      return context.clients.load(id)
    },
  }),
)

builder.queryField('clients', (t) =>
  t.field({
    description: 'Clients, by name.',
    type: ClientsConnection,
    args: {
      ...pageArgs(t),
      search: t.arg.string({
        description:
          'Part of the name or of a company’s number, without regard to case and accents; an e-mail address or a phone number whole.',
      }),
    },
    resolve: async (_root, { search, ...args }, context) => {
      const viewer = requireScope(context, 'record:read')
      const { sql: database, sealing } = context.platform
      const list = { page: requirePage(args), search: requireSearch(search) }
      return listClients({ database, viewer, keys: await sealing.keysOf(viewer.organizationId) }, list)
    },
  }),
)

/** What is written down of a client beside the name, when they are new and later. */
function clientFields(t: InputFields<ConciergerieContext>) {
  return {
    email: t.string({ description: 'An e-mail address.' }),
    phone: t.string({ description: 'A phone number, French unless it begins with its country.' }),
    siren: t.string({ description: 'Nine digits, the last of which checks the others.' }),
    vatNumber: t.string({ description: 'An EU VAT number with its country; its check digits must be right.' }),
  }
}

const CreateClientInput = builder.inputType('CreateClientInput', {
  description: 'A client to write down.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'Of the person or the company; one line.' }),
    ...clientFields(t),
  }),
})

const UpdateClientInput = builder.inputType('UpdateClientInput', {
  description: 'What is left out stays; null clears.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'Of the client.' }),
    name: t.string({ description: 'Of the person or the company; one line.' }),
    ...clientFields(t),
  }),
})

builder.mutationField('createClient', (t) =>
  t.field({
    description: 'Writes down a new client. Numbers are kept as typed, and must be what they say they are.',
    type: ClientRef,
    errors: { types: [InvalidInput, NotAllowed] },
    args: { input: t.arg({ type: CreateClientInput, required: true, description: 'The client.' }) },
    resolve: (_root, { input }, context) =>
      createClient(context.platform, requireScope(context, 'record:write'), input),
  }),
)

builder.mutationField('updateClient', (t) =>
  t.field({
    description: 'Changes what is known of a client.',
    type: ClientRef,
    errors: { types: [NotFound, NotAllowed, InvalidInput] },
    args: { input: t.arg({ type: UpdateClientInput, required: true, description: 'The change.' }) },
    resolve: (_root, { input }, context) =>
      updateClient(context.platform, requireScope(context, 'record:write'), input),
  }),
)
