import { linkKeysOf, requireSearch } from '@passerelle/platform/records'
import {
  InvalidInput,
  NotAllowed,
  NotFound,
  connectionType,
  pageArgs,
  requirePage,
  requireScope,
} from '@passerelle/platform/schema'
import { builder } from './builder.ts'
import { toClientRecord } from './client.record.ts'
import { listClients } from './client.store.ts'
import { createClient, updateClient, type Client } from './client.ts'

const ClientRef = builder.objectRef<Client>('Client').implement({
  description: 'Whom the organisation works for: an owner, a guest, a company.',
  interfaces: ['Node'],
  fields: (t) => ({
    name: t.exposeString('name'),
    email: t.exposeString('email', { nullable: true }),
    phone: t.exposeString('phone', { nullable: true }),
    siren: t.exposeString('siren', { nullable: true, description: 'As typed; its check digit is right.' }),
    vatNumber: t.exposeString('vatNumber', { nullable: true, description: 'As typed; its check digits are right.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
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
    requireScope(context, 'record:read')
    return context.clients.load(id)
  },
})

const ClientsConnection = connectionType(builder, 'ClientsConnection', { node: ClientRef })

builder.queryField('client', (t) =>
  t.field({
    type: ClientRef,
    nullable: true,
    args: { id: t.arg.id({ required: true }) },
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
        description: 'Part of the name, address or a number, without regard to case and accents.',
      }),
    },
    resolve: (_root, { search, ...args }, context) => {
      const viewer = requireScope(context, 'record:read')
      return listClients(context.platform.sql, viewer, {
        page: requirePage(args),
        search: requireSearch(search),
      })
    },
  }),
)

const CreateClientInput = builder.inputType('CreateClientInput', {
  fields: (t) => ({
    name: t.string({ required: true }),
    email: t.string(),
    phone: t.string(),
    siren: t.string(),
    vatNumber: t.string(),
  }),
})

const UpdateClientInput = builder.inputType('UpdateClientInput', {
  description: 'What is left out stays; null clears.',
  fields: (t) => ({
    id: t.id({ required: true }),
    name: t.string(),
    email: t.string(),
    phone: t.string(),
    siren: t.string(),
    vatNumber: t.string(),
  }),
})

builder.mutationField('createClient', (t) =>
  t.field({
    description: 'Writes down a new client. Numbers are kept as typed, and must be what they say they are.',
    type: ClientRef,
    errors: { types: [InvalidInput, NotAllowed] },
    args: { input: t.arg({ type: CreateClientInput, required: true }) },
    resolve: (_root, { input }, context) =>
      createClient(context.platform, requireScope(context, 'record:write'), input),
  }),
)

builder.mutationField('updateClient', (t) =>
  t.field({
    type: ClientRef,
    errors: { types: [NotFound, NotAllowed, InvalidInput] },
    args: { input: t.arg({ type: UpdateClientInput, required: true }) },
    resolve: (_root, { input }, context) =>
      updateClient(context.platform, requireScope(context, 'record:write'), input),
  }),
)
