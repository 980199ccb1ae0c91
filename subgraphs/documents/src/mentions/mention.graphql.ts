import type { MentionRelation } from '@passerelle/platform/graph'
import { connectionType, pageArgs, requirePage, requireScope } from '@passerelle/platform/schema'
import { builder } from '../builder.ts'
import { ChunkRef } from '../search/chunk.graphql.ts'
import { DocumentRef } from '../document/document.ref.ts'
import { listMentions, type Mention } from './mention.store.ts'
import { listDocumentsOf } from '../document/document-list.store.ts'

const MentionRelationEnum = builder.enumType('MentionRelation', {
  description: 'What a place in a document says of the entity it names.',
  values: {
    WRITTEN_BY: {
      description: 'The document is from it: who sends the message, signs the letter, issues the invoice.',
    },
    ABOUT: { description: 'The document is about it: the subject line names it, or the paper is made out for it.' },
    MENTIONS: { description: 'The document names it.' },
  } satisfies Record<MentionRelation, { description: string }>,
})

const MentionRef = builder.objectRef<Mention>('Mention').implement({
  description: 'A place in a document that names an entity.',
  fields: (t) => ({
    document: t.field({
      description: 'Null once it is deleted.',
      type: DocumentRef,
      nullable: true,
      resolve: ({ documentId }, _args, { load }) => load.document.load(documentId),
    }),
    relation: t.expose('relation', { type: MentionRelationEnum, description: 'What this place says of the entity.' }),
    chunk: t.field({
      description: 'The passage that holds it; null while none does, as when its document is being read anew.',
      type: ChunkRef,
      nullable: true,
      resolve: ({ documentId, chunk }, _args, { load }) =>
        chunk === null ? null : load.chunkAt.load({ documentId, index: chunk }),
    }),
    page: t.exposeInt('page', { description: 'The page it begins on, from 1.' }),
    boxes: t.expose('boxes', { type: ['PageBox'], description: 'Where the words are printed, line by line.' }),
    excerpt: t.exposeString('excerpt', { description: 'The words around it.' }),
    confidence: t.exposeFloat('confidence', { description: '0 to 1.' }),
    extractor: t.exposeString('extractor', { description: 'What found it.' }),
  }),
})

const MentionsConnection = connectionType(builder, 'MentionsConnection', { node: MentionRef })
const EntityDocumentsConnection = connectionType(builder, 'EntityDocumentsConnection', { node: DocumentRef })

builder.externalRef('Entity', builder.selection<{ id: string }>('id')).implement({
  externalFields: (t) => ({ id: t.id() }),
  fields: (t) => ({
    mentions: t.field({
      description: 'Where documents name it, in the order they were read.',
      type: MentionsConnection,
      args: { ...pageArgs(t), documentIds: t.arg.idList({ description: 'Only in these documents.' }) },
      resolve: ({ id }, { documentIds, ...page }, context) =>
        listMentions(context.platform.sql, requireScope(context, 'document:read'), {
          entityId: id,
          documentIds,
          page: requirePage(page),
        }),
    }),
    documents: t.field({
      description: 'The documents that name it, newest first.',
      type: EntityDocumentsConnection,
      nullable: true,
      args: pageArgs(t),
      resolve: ({ id }, args, context) =>
        listDocumentsOf(context.platform.sql, requireScope(context, 'document:read'), {
          entityIds: [id],
          documentIds: [],
          page: requirePage(args),
        }),
    }),
    mentionCount: t.int({
      description: 'How many places name it.',
      nullable: true,
      resolve: ({ id }, _args, context) => {
        requireScope(context, 'document:read')
        return context.load.mentionCount.load(id)
      },
    }),
  }),
})
