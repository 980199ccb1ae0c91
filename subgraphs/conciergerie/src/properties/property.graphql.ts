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
import { ClientRef } from '../clients/client.graphql.ts'
import { toPropertyRecord } from './property.record.ts'
import { listProperties } from './property.store.ts'
import { createProperty, updateProperty, type Property } from './property.ts'

/** A place that is looked after. */
export const PropertyRef = builder.objectRef<Property>('Property').implement({
  description: 'A flat, a house, a place that is looked after.',
  interfaces: ['Node'],
  fields: (t) => ({
    name: t.exposeString('name', { tag: 'client', description: 'What it is called.' }),
    address: t.exposeString('address', { tag: 'client', nullable: true, description: 'As typed.' }),
    registrationNumber: t.exposeString('registrationNumber', {
      nullable: true,
      description: "The town's number for short-term rentals, as typed.",
    }),
    owner: t.field({
      description: 'Whose it is; null where that is not known.',
      type: ClientRef,
      nullable: true,
      resolve: ({ ownerId }, _args, context) => {
        requireReader(context, 'record:read')
        return ownerId === null ? null : context.clients.load(ownerId)
      },
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was written down.' }),
    linkKeys: t.stringList({
      description: 'The normalised keys under which documents know it, strong to weak.',
      inaccessible: true,
      resolve: (property) => linkKeysOf(toPropertyRecord(property)),
    }),
  }),
})

builder.asEntity(PropertyRef, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: ({ id }, context) => {
    requireReader(context, 'record:read')
    return context.properties.load(id)
  },
})

const PropertiesConnection = connectionType(builder, 'PropertiesConnection', { node: PropertyRef, tag: 'client' })

builder.objectField(ClientRef, 'properties', (t) =>
  t.field({
    tag: 'client',
    description: 'The properties that are theirs, by name.',
    type: PropertiesConnection,
    args: pageArgs(t),
    resolve: ({ id }, args, context) => {
      const viewer = requireReader(context, 'record:read')
      return listProperties(context.platform.sql, viewer, { page: requirePage(args), search: null, ownerId: id })
    },
  }),
)

builder.queryField('property', (t) =>
  t.field({
    tag: 'client',
    description: 'The property under an id.',
    type: PropertyRef,
    nullable: true,
    args: { id: t.arg.id({ required: true, description: 'Of the property.' }) },
    resolve: (_root, { id }, context) => {
      requireReader(context, 'record:read')
      return context.properties.load(id)
    },
  }),
)

builder.queryField('properties', (t) =>
  t.field({
    description: 'Properties, by name.',
    type: PropertiesConnection,
    args: {
      ...pageArgs(t),
      search: t.arg.string({ description: 'Part of the name, address or number, without regard to case and accents.' }),
    },
    resolve: (_root, { search, ...args }, context) => {
      const viewer = requireScope(context, 'record:read')
      return listProperties(context.platform.sql, viewer, {
        page: requirePage(args),
        search: requireSearch(search),
      })
    },
  }),
)

/** What is written down of a property beside the name, when it is new and later. */
function propertyFields(t: InputFields<ConciergerieContext>) {
  return {
    address: t.string({ description: 'Where it is, on one line.' }),
    registrationNumber: t.string({ description: "The town's number for short-term rentals." }),
    ownerId: t.id({ description: 'The client whose it is.' }),
  }
}

const CreatePropertyInput = builder.inputType('CreatePropertyInput', {
  description: 'A property to write down.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'What it is called; one line.' }),
    ...propertyFields(t),
  }),
})

const UpdatePropertyInput = builder.inputType('UpdatePropertyInput', {
  description: 'What is left out stays; null clears.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'Of the property.' }),
    name: t.string({ description: 'What it is called; one line.' }),
    ...propertyFields(t),
  }),
})

builder.mutationField('createProperty', (t) =>
  t.field({
    description: 'Writes down a new property.',
    type: PropertyRef,
    errors: { types: [InvalidInput, NotAllowed] },
    args: { input: t.arg({ type: CreatePropertyInput, required: true, description: 'The property.' }) },
    resolve: (_root, { input }, context) =>
      createProperty(context.platform, requireScope(context, 'record:write'), input),
  }),
)

builder.mutationField('updateProperty', (t) =>
  t.field({
    description: 'Changes what is known of a property.',
    type: PropertyRef,
    errors: { types: [NotFound, NotAllowed, InvalidInput] },
    args: { input: t.arg({ type: UpdatePropertyInput, required: true, description: 'The change.' }) },
    resolve: (_root, { input }, context) =>
      updateProperty(context.platform, requireScope(context, 'record:write'), input),
  }),
)
