import type { GraphNeighbour } from '@passerelle/platform/graph'
import { connectionType, requireScope } from '@passerelle/platform/schema'
import { builder } from './builder.ts'
import { EntityRef, EntityTypeEnum } from './entity.graphql.ts'
import { pageAt } from './offset-page.ts'
import { periodWords } from './period.ts'
import { RelationSourceRef } from './source.graphql.ts'
import { requireSources } from './source.ts'
import { requireWalk } from './walk.ts'

const NeighbourRef = builder.objectRef<GraphNeighbour>('Neighbour').implement({
  description: 'An entity near another.',
  fields: (t) => ({
    entity: t.field({ description: 'Who or what it is.', type: EntityRef, resolve: ({ entity }) => entity }),
    relation: t.exposeString('relation', {
      description: 'How the last step leads there; RELATED_TO is a document in common.',
    }),
    weight: t.exposeFloat('weight', {
      description: 'How strong that step is: the documents in common, or the sources that state it.',
    }),
    distance: t.exposeInt('distance', { description: 'Steps from the start.' }),
    via: t.field({
      description: 'The entity one step nearer; the start itself at the first step.',
      type: EntityRef,
      nullable: true,
      resolve: ({ via }, _args, context) => context.entities.load(via),
    }),
    sources: t.field({
      description: 'What states the last step, the latest first.',
      type: [RelationSourceRef],
      args: { first: t.arg.int({ description: 'How many, 1 to 20; 5 unless told.' }) },
      resolve: ({ entity, via, relation }, { first }, context) =>
        context.sources.load({ from: via, to: entity.id, type: relation, first: requireSources(first) }),
    }),
  }),
})

const NeighboursConnection = connectionType(builder, 'NeighboursConnection', { node: NeighbourRef, ranked: true })

const walkArgs = { usual: 20, max: 100 }

builder.objectField(EntityRef, 'neighbours', (t) =>
  t.field({
    description:
      'Entities within `depth` steps (1 unless told, at most 4), nearest first, then the strongest. A time keeps to what documents that came in, and records that changed, then say.',
    type: NeighboursConnection,
    args: {
      types: t.arg({ type: [EntityTypeEnum], description: 'Only these; the walk goes through all.' }),
      relations: t.arg.stringList({
        description: 'Steps over these relations only, such as WORKS_FOR; RELATED_TO is a document in common.',
      }),
      since: t.arg({ type: 'DateTime', description: periodWords.since }),
      until: t.arg({ type: 'DateTime', description: periodWords.until }),
      depth: t.arg.int({ description: 'Steps, 1 to 4; 1 unless told.' }),
      first: t.arg.int({ description: 'How many, 1 to 100; 20 unless told.' }),
    },
    resolve: async ({ id }, args, context) => {
      const { organizationId } = requireScope(context, 'graph:read')
      const { neighbours, truncated } = await context.platform.graph.neighbours(organizationId, {
        id,
        ...requireWalk(args, walkArgs),
      })
      return pageAt({ nodes: neighbours, hasMore: truncated }, { offset: 0 }, async () => neighbours.length)
    },
  }),
)
