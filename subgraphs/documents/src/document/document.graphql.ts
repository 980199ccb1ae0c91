import {
  InvalidInput,
  NotAllowed,
  NotFound,
  connectionType,
  pageArgs,
  requirePage,
  requireReader,
  requireScope,
} from '@passerelle/platform/schema'
import { builder } from '../builder.ts'
import { DocumentChunksConnection } from '../search/chunk.graphql.ts'
import { listChunks } from '../search/chunk.store.ts'
import { DocumentRef } from './document.ref.ts'
import { listDocuments, type DocumentOrder } from './document-list.store.ts'
import { cancelIngestion, deleteDocument, reprocessDocument, type Document } from './document.ts'
import { FieldRef } from './field.graphql.ts'
import { fileUrlOf } from './file.ts'
import { PageRef } from '../pages/page.graphql.ts'
import { StageEnum, StatusRef } from '../status/status.graphql.ts'

DocumentRef.implement({
  description: 'A file of the organisation, and what was read in it. The same bytes are one document.',
  interfaces: ['Node'],
  fields: (t) => ({
    title: t.exposeString('title', { tag: 'partner', description: 'The file name without its ending.' }),
    filename: t.exposeString('filename', { tag: 'partner', description: 'As it was sent, without folders.' }),
    contentType: t.exposeString('contentType', {
      tag: 'partner',
      description: 'By content once it has been read, not by name.',
    }),
    size: t.exposeFloat('size', { tag: 'partner', description: 'Bytes.' }),
    kind: t.exposeString('kind', {
      tag: 'partner',
      nullable: true,
      description: 'INVOICE, CREDIT_NOTE, DELIVERY_NOTE, CMR …; null when it is none of those we know.',
    }),
    language: t.exposeString('language', {
      tag: 'partner',
      nullable: true,
      description: '`fr` or `en`; null when it is neither, or too short to tell.',
    }),
    status: t.field({
      tag: 'partner',
      description: 'How far it has been read.',
      type: StatusRef,
      resolve: ({ id, run, status }) => ({ ...status, documentId: id, run }),
    }),
    pageCount: t.exposeInt('pageCount', { tag: 'partner', nullable: true, description: 'Null until it is known.' }),
    durationMs: t.exposeInt('durationMs', {
      tag: 'partner',
      nullable: true,
      description: 'How long a recording lasts, in milliseconds; null for what is printed, and while it is not known.',
    }),
    page: t.field({
      tag: 'partner',
      description: 'One page with its words; null when there is none of this number, or not yet.',
      type: PageRef,
      nullable: true,
      args: { number: t.arg.int({ required: true, description: 'From 1.' }) },
      resolve: ({ id: documentId }, { number }, { load }) => load.page.load({ documentId, number }),
    }),
    chunks: t.field({
      tag: 'partner',
      description: 'Its passages, in order.',
      type: DocumentChunksConnection,
      args: pageArgs(t),
      resolve: (document, args, context) =>
        listChunks(context.platform.sql, requireReader(context, 'document:read'), {
          documentId: document.id,
          page: requirePage(args),
        }),
    }),
    fields: t.field({
      tag: 'partner',
      type: [FieldRef],
      description: 'The values of a business document; none are read yet.',
      resolve: () => [],
    }),
    fileUrl: t.string({
      tag: 'partner',
      nullable: true,
      description:
        "Where its bytes are, relative to the API's origin. Signed, and good for a quarter of an hour at least: asked for without a token. Null before the bytes have arrived.",
      // Also where a mutation answers the document: who may only write does not read by writing.
      resolve: (document, _args, context) =>
        fileUrlOf(context.platform, requireReader(context, 'document:read'), document),
    }),
    createdAt: t.expose('createdAt', { tag: 'partner', type: 'DateTime', description: 'When it was announced.' }),
  }),
})

builder.asEntity(DocumentRef, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: ({ id }, { load }) => load.document.load(id),
})

const DocumentsConnection = connectionType(builder, 'DocumentsConnection', { node: DocumentRef, tag: 'partner' })
const DocumentOrderEnum = builder.enumType('DocumentOrder', {
  description: 'How documents are listed.',
  values: {
    CREATED_DESC: { description: 'The newest first.' },
    CREATED_ASC: { description: 'The oldest first.' },
    TITLE_ASC: { description: 'By title, without regard to case and accents.' },
  } satisfies Record<DocumentOrder, { description: string }>,
})

builder.queryFields((t) => ({
  document: t.field({
    tag: 'partner',
    description: 'The document under an id, also under the provisional one its upload was given.',
    type: DocumentRef,
    nullable: true,
    args: { id: t.arg.id({ required: true, description: 'Of the document.' }) },
    resolve: (_root, { id }, context) => {
      requireScope(context, 'document:read')
      return context.load.document.load(id)
    },
  }),
  documents: t.field({
    tag: 'partner',
    description: "The organisation's documents (`document:read`), newest first unless told.",
    type: DocumentsConnection,
    args: {
      ...pageArgs(t),
      search: t.arg.string({
        description:
          'Words of the title or file name, or parts of them, without regard to case and accents; at most 200 characters.',
      }),
      stages: t.arg({ type: [StageEnum], description: 'Only those that stand at one of these.' }),
      collectionIds: t.arg.idList({
        tag: 'house',
        description: 'Only those in one of these collections; at most 100.',
      }),
      entityIds: t.arg.idList({
        tag: 'house',
        description: 'Only those that mention all of these entities; at most 20.',
      }),
      orderBy: t.arg({ type: DocumentOrderEnum, description: 'CREATED_DESC unless told.' }),
    },
    resolve: (_root, { first, after, orderBy, ...query }, context) =>
      listDocuments(context.platform.sql, requireScope(context, 'document:read'), {
        query: { ...query, order: orderBy ?? 'CREATED_DESC' },
        page: requirePage({ first, after }),
      }),
  }),
}))

const DocumentDeletedRef = builder.objectRef<{ id: string }>('DocumentDeleted').implement({
  description: 'The document is gone.',
  fields: (t) => ({ id: t.exposeID('id', { description: 'What it was.' }) }),
})
const DocumentReprocessingRef = builder.objectRef<{ document: Document }>('DocumentReprocessing').implement({
  description: 'The document is being read anew.',
  fields: (t) => ({
    document: t.expose('document', {
      type: DocumentRef,
      description: 'The same one, at the beginning of its reading.',
    }),
  }),
})
const IngestionCancelledRef = builder.objectRef<{ document: Document }>('IngestionCancelled').implement({
  description: 'The reading has been stopped; what was read so far is dropped.',
  fields: (t) => ({ document: t.expose('document', { type: DocumentRef, description: 'The document, CANCELLED.' }) }),
})

builder.mutationFields((t) => ({
  deleteDocument: t.field({
    description: 'Deletes the document everywhere: its file, pages, index entries and mentions.',
    type: DocumentDeletedRef,
    errors: { types: [NotFound, NotAllowed] },
    args: { id: t.arg.id({ required: true, description: 'Of the document.' }) },
    resolve: (_root, { id }, context) => deleteDocument(context.platform, requireScope(context, 'document:write'), id),
  }),
  reprocessDocument: t.field({
    description: 'Reads the document anew from its file.',
    type: DocumentReprocessingRef,
    errors: { types: [NotFound, NotAllowed] },
    args: { id: t.arg.id({ required: true, description: 'Of the document.' }) },
    resolve: async (_root, { id }, context) => ({
      document: await reprocessDocument(context.platform, requireScope(context, 'document:write'), id),
    }),
  }),
  cancelIngestion: t.field({
    description: 'Stops the reading of a document that is not finished.',
    type: IngestionCancelledRef,
    errors: { types: [NotFound, NotAllowed, InvalidInput] },
    args: { id: t.arg.id({ required: true, description: 'Of the document.' }) },
    resolve: async (_root, { id }, context) => ({
      document: await cancelIngestion(context.platform, requireScope(context, 'document:write'), id),
    }),
  }),
}))
