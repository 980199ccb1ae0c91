import type { RelationSource } from '@passerelle/platform/graph'
import { builder } from './builder.ts'
import { DocumentRef } from './document.graphql.ts'
import { EntityRecord, toRecordStub } from './record.graphql.ts'

/** A place that a document says something at, as the graph keeps it. */
export const RelationSourceRef = builder.objectRef<RelationSource>('RelationSource').implement({
  description: 'What states a relation: a place in a document, or an operational record.',
  fields: (t) => ({
    document: t.field({
      description: 'The document that states it; null when a record does, or the document is gone.',
      type: DocumentRef,
      nullable: true,
      resolve: ({ documentId }) => (documentId === null ? null : { id: documentId }),
    }),
    record: t.field({
      description: 'The record that states it; null when a document does.',
      type: EntityRecord,
      nullable: true,
      resolve: async ({ recordEntityId }, _args, context) =>
        recordEntityId === null ? null : toRecordStub(await context.entities.load(recordEntityId)),
    }),
    at: t.expose('at', { type: 'DateTime', description: 'When the document came in, or the record last changed.' }),
    page: t.int({
      description: 'The page it stands on, from 1; of a document in common one that names both, if there is one.',
      nullable: true,
      resolve: ({ place }) => place?.page ?? null,
    }),
    boxes: t.field({
      description: 'Where the words of both ends are printed.',
      type: ['PageBox'],
      resolve: ({ place }) => [...(place?.boxes ?? [])],
    }),
    passage: t.int({
      description: 'The index of the passage it stands in; null when no passage holds it.',
      nullable: true,
      resolve: ({ place }) => place?.chunk ?? null,
    }),
    confidence: t.exposeFloat('confidence', { description: '0 to 1; 1 for what a record states.' }),
    extractor: t.exposeString('extractor', { description: 'What found it; `record` for an operational record.' }),
  }),
})
