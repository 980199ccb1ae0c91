import type { EntityType } from '@passerelle/platform/graph'
import { connectionType, pageArgs, requireScope } from '@passerelle/platform/schema'
import { builder } from './builder.ts'
import { requireFilter } from './entity.ts'
import { listEntities, type Entity } from './entity.store.ts'
import { requireOffsetPage } from './offset-page.ts'

export const EntityTypeEnum = builder.enumType('EntityType', {
  description: 'What an entity is.',
  values: {
    PERSON: { description: 'Somebody.' },
    ORGANIZATION: { description: 'A company, an administration, an association.' },
    PLACE: { description: 'A town, an address, a country.' },
    TOPIC: { description: 'A matter that documents are about.' },
    EVENT: { description: 'Something that happens at a time: a delivery, a meeting, a due date.' },
    IDENTIFIER: {
      description: 'A number that names one thing: a tracking number, a SIREN, an IBAN. Its check digits are right.',
    },
    RECORD: { description: 'One of the organisation itself: a shipment, a client, a property.' },
  } satisfies Record<EntityType, { description: string }>,
})

/** The type, before its fields: what records and documents point to. */
export const EntityRef = builder.objectRef<Entity>('Entity')

EntityRef.implement({
  description: 'Somebody or something that documents name, or a record of the organisation.',
  interfaces: ['Node'],
  fields: (t) => ({
    name: t.exposeString('name', { description: 'As it was first printed; a number in its normalised form.' }),
    type: t.expose('type', { type: EntityTypeEnum, description: 'What it is.' }),
    kind: t.exposeString('kind', {
      nullable: true,
      description: 'Of an IDENTIFIER what it identifies with, such as SIREN or TRACKING_NUMBER; of a RECORD its type.',
    }),
    aliases: t.exposeStringList('aliases', { description: 'Other names it is printed under.' }),
  }),
})

builder.asEntity(EntityRef, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: ({ id }, context) => {
    requireScope(context, 'graph:read')
    return context.entities.load(id)
  },
})

const EntitiesConnection = connectionType(builder, 'EntitiesConnection', { node: EntityRef })

builder.queryField('entity', (t) =>
  t.field({
    description: 'The entity under an id; null when nobody knows it.',
    type: EntityRef,
    nullable: true,
    args: { id: t.arg.id({ required: true, description: 'Of the entity.' }) },
    resolve: (_root, { id }, context) => {
      requireScope(context, 'graph:read')
      return context.entities.load(id)
    },
  }),
)

builder.queryField('entities', (t) =>
  t.field({
    description: 'Entities of the organisation, those in most documents first.',
    type: EntitiesConnection,
    args: {
      search: t.arg.string({
        description: 'Part of a name, an alias or a number, without regard to case, accents and separators.',
      }),
      types: t.arg({ type: [EntityTypeEnum], description: 'Only these.' }),
      ...pageArgs(t),
    },
    resolve: (_root, args, context) => {
      const viewer = requireScope(context, 'graph:read')
      return listEntities(context.platform.graph, viewer, {
        filter: requireFilter(args),
        page: requireOffsetPage(args),
      })
    },
  }),
)
