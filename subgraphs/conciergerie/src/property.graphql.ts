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
import { toPropertyRecord } from './property.record.ts'
import { listProperties } from './property.store.ts'
import { createProperty, updateProperty, type Property } from './property.ts'

const PropertyRef = builder.objectRef<Property>('Property').implement({
  description: 'A flat, a house, a place that is looked after.',
  interfaces: ['Node'],
  fields: (t) => ({
    name: t.exposeString('name'),
    address: t.exposeString('address', { nullable: true }),
    registrationNumber: t.exposeString('registrationNumber', {
      nullable: true,
      description: "The town's number for short-term rentals, as typed.",
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
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
    requireScope(context, 'record:read')
    return context.properties.load(id)
  },
})

const PropertiesConnection = connectionType(builder, 'PropertiesConnection', { node: PropertyRef })

builder.queryField('property', (t) =>
  t.field({
    type: PropertyRef,
    nullable: true,
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, context) => {
      requireScope(context, 'record:read')
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

const CreatePropertyInput = builder.inputType('CreatePropertyInput', {
  fields: (t) => ({
    name: t.string({ required: true }),
    address: t.string(),
    registrationNumber: t.string(),
  }),
})

const UpdatePropertyInput = builder.inputType('UpdatePropertyInput', {
  description: 'What is left out stays; null clears.',
  fields: (t) => ({
    id: t.id({ required: true }),
    name: t.string(),
    address: t.string(),
    registrationNumber: t.string(),
  }),
})

builder.mutationField('createProperty', (t) =>
  t.field({
    type: PropertyRef,
    errors: { types: [InvalidInput, NotAllowed] },
    args: { input: t.arg({ type: CreatePropertyInput, required: true }) },
    resolve: (_root, { input }, context) =>
      createProperty(context.platform, requireScope(context, 'record:write'), input),
  }),
)

builder.mutationField('updateProperty', (t) =>
  t.field({
    type: PropertyRef,
    errors: { types: [NotFound, NotAllowed, InvalidInput] },
    args: { input: t.arg({ type: UpdatePropertyInput, required: true }) },
    resolve: (_root, { input }, context) =>
      updateProperty(context.platform, requireScope(context, 'record:write'), input),
  }),
)
