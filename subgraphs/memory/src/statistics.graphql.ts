import type { GraphStatistics } from '@passerelle/platform/graph'
import { isRebuilding } from '@passerelle/platform/rebuild'
import { requireScope } from '@passerelle/platform/schema'
import { builder } from './builder.ts'
import { EntityRef, EntityTypeEnum } from './entity.graphql.ts'
import { MonthActivityRef } from './timeline.graphql.ts'

const EntityTypeCountRef = builder.objectRef<GraphStatistics['entitiesByType'][number]>('EntityTypeCount').implement({
  description: 'How many entities are of a type.',
  fields: (t) => ({
    type: t.expose('type', { type: EntityTypeEnum, description: 'What they are.' }),
    count: t.exposeInt('count', { description: 'How many.' }),
  }),
})

const RelationTypeCountRef = builder
  .objectRef<GraphStatistics['relationsByType'][number]>('RelationTypeCount')
  .implement({
    description: 'How many stated relations are of a type.',
    fields: (t) => ({
      type: t.exposeString('type', { description: 'Such as WORKS_FOR.' }),
      count: t.exposeInt('count', { description: 'How many; what two sources state counts twice.' }),
    }),
  })

const GraphStatisticsRef = builder.objectRef<GraphStatistics>('GraphStatistics').implement({
  description: 'What the knowledge graph of the organisation is made of, counted at this moment.',
  fields: (t) => ({
    documents: t.exposeInt('documents', { description: 'Documents whose mentions it holds.' }),
    documentsWithoutEntities: t.exposeInt('documentsWithoutEntities', {
      description: 'Those that name nobody and nothing.',
    }),
    entities: t.exposeInt('entities', { description: 'Entities of all types.' }),
    entitiesPerDocument: t.float({
      description: 'How many entities a document names on average; 0 without documents.',
      resolve: ({ mentions, documents }) => (documents === 0 ? 0 : mentions / documents),
    }),
    relations: t.exposeInt('relations', { description: 'Stated relations; what two sources state counts twice.' }),
    entitiesByType: t.expose('entitiesByType', { type: [EntityTypeCountRef], description: 'The most frequent first.' }),
    relationsByType: t.expose('relationsByType', {
      type: [RelationTypeCountRef],
      description: 'The most frequent first.',
    }),
    mostConnected: t.expose('mostConnected', { type: [EntityRef], description: 'The ten that most documents name.' }),
    months: t.expose('months', { type: [MonthActivityRef], description: 'How it grew, the earliest month first.' }),
    rebuilding: t.boolean({
      description: 'True while the graph is being made again from the documents: until then something is missing.',
      resolve: (_statistics, _args, context) =>
        isRebuilding(context.platform, requireScope(context, 'graph:read').organizationId, 'graph'),
    }),
    capped: t.exposeBoolean('capped', { description: 'True when there is more of something than is ever counted.' }),
  }),
})

builder.queryField('graphStatistics', (t) =>
  t.field({
    description: 'Figures of the knowledge graph.',
    type: GraphStatisticsRef,
    resolve: (_root, _args, context) =>
      context.platform.graph.statistics(requireScope(context, 'graph:read').organizationId),
  }),
)
