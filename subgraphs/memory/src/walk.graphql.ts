import type { GraphRelation } from '@passerelle/platform/graph'
import { requireScope } from '@passerelle/platform/schema'
import { builder } from './builder.ts'
import { EntityRef, EntityTypeEnum } from './entity.graphql.ts'
import type { Entity } from './entity.store.ts'
import { findNeighbourhood, findPath, requireWalk, type Neighbourhood } from './walk.ts'

const GraphPathRef = builder.objectRef<{ entities: Entity[]; relations: string[] }>('GraphPath').implement({
  description: 'A way from one entity to another; `relations` are the steps between them, one fewer.',
  fields: (t) => ({
    entities: t.expose('entities', { type: [EntityRef] }),
    relations: t.exposeStringList('relations'),
  }),
})

const RelationRef = builder.objectRef<GraphRelation>('Relation').implement({
  description: 'That two entities have to do with each other.',
  fields: (t) => ({
    from: t.exposeID('from'),
    to: t.exposeID('to'),
    type: t.exposeString('type'),
    weight: t.exposeFloat('weight'),
  }),
})

const NeighbourhoodRef = builder.objectRef<Neighbourhood>('Neighbourhood').implement({
  description:
    'An entity, what is around it, and all relations among them. `truncated`: there is more than was walked or asked for.',
  fields: (t) => ({
    entities: t.expose('entities', { type: [EntityRef] }),
    relations: t.expose('relations', { type: [RelationRef] }),
    truncated: t.exposeBoolean('truncated'),
  }),
})

builder.queryField('path', (t) =>
  t.field({
    description: 'A shortest way between two entities; null when there is none within `maxDepth` (at most 4) steps.',
    type: GraphPathRef,
    nullable: true,
    args: { from: t.arg.id({ required: true }), to: t.arg.id({ required: true }), maxDepth: t.arg.int() },
    resolve: (_root, args, context) => findPath(context.platform, requireScope(context, 'graph:read'), args),
  }),
)

builder.queryField('neighbourhood', (t) =>
  t.field({
    description:
      'The picture around an entity: `depth` 1 unless told, at most 4; `first` 100 unless told, at most 300.',
    type: NeighbourhoodRef,
    nullable: true,
    args: {
      id: t.arg.id({ required: true }),
      types: t.arg({ type: [EntityTypeEnum] }),
      depth: t.arg.int(),
      first: t.arg.int(),
    },
    resolve: (_root, { id, ...args }, context) =>
      findNeighbourhood(context, requireScope(context, 'graph:read'), {
        id,
        walk: requireWalk(args, { usual: 100, max: 300 }),
      }),
  }),
)
