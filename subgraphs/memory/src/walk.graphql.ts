import type { GraphPath, GraphRelation } from '@passerelle/platform/graph'
import { requireScope } from '@passerelle/platform/schema'
import { builder } from './builder.ts'
import { EntityRef, EntityTypeEnum } from './entity.graphql.ts'
import { periodWords } from './period.ts'
import { RelationSourceRef } from './source.graphql.ts'
import { requireSources } from './source.ts'
import { findNeighbourhood, findPath, requireWalk, type Neighbourhood } from './walk.ts'

const RelationRef = builder.objectRef<GraphRelation>('Relation').implement({
  description: 'That two entities have to do with each other.',
  fields: (t) => ({
    from: t.exposeID('from', { description: 'The entity it starts at.' }),
    to: t.exposeID('to', { description: 'The entity it leads to.' }),
    type: t.exposeString('type', {
      description: 'Such as WORKS_FOR or IDENTIFIES; RELATED_TO is a document in common.',
    }),
    weight: t.exposeFloat('weight', {
      description: 'How strong: the documents in common, or the sources that state it.',
    }),
    sources: t.field({
      description: 'What states it, the latest first: for RELATED_TO the documents in common.',
      type: [RelationSourceRef],
      args: { first: t.arg.int({ description: 'How many, 1 to 20; 5 unless told.' }) },
      resolve: ({ from, to, type }, { first }, context) =>
        context.sources.load({ from, to, type, first: requireSources(first) }),
    }),
  }),
})

const GraphPathRef = builder.objectRef<GraphPath>('GraphPath').implement({
  description: 'A way from one entity to another; `relations` are the steps between them, one fewer.',
  fields: (t) => ({
    entities: t.expose('entities', { type: [EntityRef], description: 'The way, both ends included.' }),
    relations: t.exposeStringList('relations', {
      description: 'How each leads to the next, such as WORKS_FOR; RELATED_TO is a document in common.',
    }),
    steps: t.expose('steps', { type: [RelationRef], description: 'The same steps, each with what states it.' }),
  }),
})

const NeighbourhoodRef = builder.objectRef<Neighbourhood>('Neighbourhood').implement({
  description:
    'An entity, what is around it, and all relations among them. `truncated`: there is more than was walked or asked for.',
  fields: (t) => ({
    entities: t.expose('entities', {
      type: [EntityRef],
      description: 'The one in the middle first, then the nearest and strongest.',
    }),
    relations: t.expose('relations', { type: [RelationRef], description: 'Those between two of them.' }),
    truncated: t.exposeBoolean('truncated', { description: 'True when there is more than was walked or asked for.' }),
  }),
})

builder.queryField('path', (t) =>
  t.field({
    description: 'A shortest way between two entities; null when there is none within `maxDepth` (at most 4) steps.',
    type: GraphPathRef,
    nullable: true,
    args: {
      from: t.arg.id({ required: true, description: 'The entity to start at.' }),
      to: t.arg.id({ required: true, description: 'The entity to reach.' }),
      maxDepth: t.arg.int({ description: 'Steps at the most, 1 to 4; 4 unless told.' }),
    },
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
      id: t.arg.id({ required: true, description: 'The entity in the middle.' }),
      types: t.arg({ type: [EntityTypeEnum], description: 'Only these around it.' }),
      relations: t.arg.stringList({
        description: 'Steps over these relations only, such as WORKS_FOR; RELATED_TO is a document in common.',
      }),
      since: t.arg({ type: 'DateTime', description: periodWords.since }),
      until: t.arg({ type: 'DateTime', description: periodWords.until }),
      depth: t.arg.int({ description: 'Steps, 1 to 4; 1 unless told.' }),
      first: t.arg.int({ description: 'How many around it, 1 to 300; 100 unless told.' }),
    },
    resolve: (_root, { id, ...args }, context) =>
      findNeighbourhood(context, requireScope(context, 'graph:read'), {
        id,
        walk: requireWalk(args, { usual: 100, max: 300 }),
      }),
  }),
)
