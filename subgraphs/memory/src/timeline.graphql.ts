import type { MonthActivity, TimelineEntry, TimelineKind } from '@passerelle/platform/graph'
import { connectionType, pageArgs, requirePage, requireScope } from '@passerelle/platform/schema'
import { builder } from './builder.ts'
import { DocumentRef } from './document.graphql.ts'
import { EntityRef } from './entity.graphql.ts'
import { periodWords, requirePeriod } from './period.ts'
import { EntityRecord, toRecordStub } from './record.graphql.ts'
import { listTimeline } from './timeline.ts'

const TimelineKindEnum = builder.enumType('TimelineKind', {
  description: 'What a line of a timeline tells.',
  values: {
    MENTION: { description: 'A document names the entity.' },
    RELATION: { description: 'A document or a record states how it has to do with another.' },
    RECORD: { description: 'Something happened to the record that it is, or leads to.' },
  } satisfies Record<TimelineKind, { description: string }>,
})

const TimelineEntryRef = builder.objectRef<TimelineEntry>('TimelineEntry').implement({
  description: 'A line of the timeline of an entity.',
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', description: 'When the document came in, or the record changed.' }),
    kind: t.expose('kind', { type: TimelineKindEnum, description: 'What the line tells.' }),
    what: t.exposeString('what', {
      description:
        'Of a mention what the document says of the entity (WRITTEN_BY, ABOUT, MENTIONS), of a relation its type, of a record what happened, such as CREATED or DELIVERED.',
    }),
    other: t.field({
      description: 'The other end of a relation.',
      type: EntityRef,
      nullable: true,
      resolve: ({ otherId }, _args, context) => (otherId === null ? null : context.entities.load(otherId)),
    }),
    outgoing: t.exposeBoolean('outgoing', { description: 'True for a relation that starts at this entity.' }),
    document: t.field({
      description: 'The document that says so; null when a record does, or the document is gone.',
      type: DocumentRef,
      nullable: true,
      resolve: ({ documentId }) => (documentId === null ? null : { id: documentId }),
    }),
    record: t.field({
      description: 'The record that says so; null when a document does.',
      type: EntityRecord,
      nullable: true,
      resolve: async ({ recordEntityId }, _args, context) =>
        recordEntityId === null ? null : toRecordStub(await context.entities.load(recordEntityId)),
    }),
    count: t.exposeInt('count', { description: 'How often the document names it; 1 for anything else.' }),
    page: t.int({
      description: 'The page, from 1; null for a record.',
      nullable: true,
      resolve: ({ place }) => place?.page ?? null,
    }),
    boxes: t.field({
      description: 'Where the words are printed.',
      type: ['PageBox'],
      resolve: ({ place }) => [...(place?.boxes ?? [])],
    }),
    passage: t.int({
      description: 'The index of the passage; null when no passage holds it.',
      nullable: true,
      resolve: ({ place }) => place?.chunk ?? null,
    }),
    confidence: t.exposeFloat('confidence', { description: '0 to 1; 1 for what a record says.' }),
    extractor: t.exposeString('extractor', { description: 'What found it; `record` for an operational record.' }),
  }),
})

const TimelineConnection = connectionType(builder, 'TimelineConnection', { node: TimelineEntryRef, ranked: true })

export const MonthActivityRef = builder.objectRef<MonthActivity>('MonthActivity').implement({
  description: 'What came in with the documents of a month.',
  fields: (t) => ({
    month: t.exposeString('month', { description: 'As 2026-11, in UTC.' }),
    documents: t.exposeInt('documents', { description: 'Documents that came in.' }),
    mentions: t.exposeInt('mentions', {
      description: 'Of one entity how often they name it; of the whole graph how many entities each names, added up.',
    }),
  }),
})

builder.objectFields(EntityRef, (t) => {
  const period = {
    since: t.arg({ type: 'DateTime', description: periodWords.since }),
    until: t.arg({ type: 'DateTime', description: periodWords.until }),
  }
  return {
    timeline: t.field({
      description: 'Its mentions, its relations and what happened to its records, the latest first.',
      type: TimelineConnection,
      args: {
        ...pageArgs(t),
        ...period,
        kinds: t.arg({ type: [TimelineKindEnum], description: 'Only lines of these kinds.' }),
      },
      resolve: ({ id }, { kinds, since, until, ...page }, context) =>
        listTimeline(context.platform.graph, requireScope(context, 'graph:read'), {
          id,
          ...(kinds && { kinds }),
          period: requirePeriod({ since, until }),
          page: requirePage(page),
        }),
    }),
    activity: t.field({
      description: 'How much documents say of it, by month, the earliest first; months without any are left out.',
      type: [MonthActivityRef],
      args: period,
      resolve: ({ id }, args, context) =>
        context.platform.graph.activity(requireScope(context, 'graph:read').organizationId, {
          id,
          ...requirePeriod(args),
        }),
    }),
  }
})
