import {
  EngineUnavailable,
  InvalidInput,
  NotAllowed,
  NotFound,
  connectionType,
  pageArgs,
  requireClient,
  requirePage,
  requireReader,
  requireScope,
  requireViewer,
} from '@passerelle/platform/schema'
import { builder } from '../builder.ts'
import { DocumentRef } from '../document/document.ref.ts'
import { fileUrlOf } from '../document/file.ts'
import { ClientRef } from '../records/record.graphql.ts'
import { listSharedDocuments, listShares } from './share.store.ts'
import { findShared, shareDocument, unshareDocument, type Share, type SharedDocument } from './share.ts'

/** A document, and since when it is shared. */
export const SharedDocumentRef = builder.objectRef<SharedDocument>('SharedDocument').implement({
  tag: 'client',
  description: 'A document as the client sees it with whom it is shared: its file, and nothing of what was read in it.',
  fields: (t) => ({
    id: t.id({ description: 'That of the document.', resolve: ({ document }) => document.id }),
    title: t.string({ description: 'The file name without its ending.', resolve: ({ document }) => document.title }),
    kind: t.string({
      nullable: true,
      description: 'INVOICE, CREDIT_NOTE, DELIVERY_NOTE, CMR …; null when it is none of those we know.',
      resolve: ({ document }) => document.kind,
    }),
    contentType: t.string({
      description: 'By content once it has been read, not by name.',
      resolve: ({ document }) => document.contentType,
    }),
    size: t.float({ description: 'Bytes.', resolve: ({ document }) => document.size }),
    pageCount: t.int({
      nullable: true,
      description: 'Null until it is known.',
      resolve: ({ document }) => document.pageCount,
    }),
    fileUrl: t.string({
      nullable: true,
      description:
        "Relative to the API's origin; signed, good for some minutes and no longer than the document is shared; null when the file is not shown any more.",
      resolve: ({ document }, _args, context) => fileUrlOf(context.platform, requireViewer(context), document),
    }),
    createdAt: t.field({
      type: 'DateTime',
      description: 'When the document came.',
      resolve: ({ document }) => document.createdAt,
    }),
    sharedAt: t.expose('sharedAt', { type: 'DateTime', description: 'Since when it is shared.' }),
  }),
})

const SharedDocumentsConnection = connectionType(builder, 'SharedDocumentsConnection', {
  node: SharedDocumentRef,
  tag: 'client',
})

builder.objectField(ClientRef, 'sharedDocuments', (t) =>
  t.field({
    tag: 'client',
    description: 'The documents that are shared with them, the last first; null when they cannot be asked for.',
    type: SharedDocumentsConnection,
    nullable: true,
    args: pageArgs(t),
    resolve: ({ id: clientId }, args, context) =>
      listSharedDocuments(context.platform.sql, requireReader(context, 'document:read'), {
        clientId,
        page: requirePage(args),
      }),
  }),
)

builder.queryField('sharedDocument', (t) =>
  t.field({
    tag: 'client',
    description: 'A document that is shared with the client who asks; null for any other.',
    type: SharedDocumentRef,
    nullable: true,
    args: { id: t.arg.id({ required: true, description: 'Of the document.' }) },
    resolve: (_root, { id }, context) => {
      const viewer = requireClient(context)
      return findShared(context.platform, viewer, { documentId: id, clientId: viewer.clientId })
    },
  }),
)

const UserRef = builder.externalRef('User', builder.selection<{ id: string }>('id')).implement({
  externalFields: (t) => ({ id: t.id() }),
})

const DocumentShareRef = builder.objectRef<Share>('DocumentShare').implement({
  description: 'A client with whom a document is shared.',
  fields: (t) => ({
    client: t.field({
      description: 'With whom; null for a client who is known no more.',
      type: ClientRef,
      nullable: true,
      resolve: ({ clientId }) => ({ id: clientId, linkKeys: [] }),
    }),
    sharedBy: t.field({
      description: 'Who shared it; null for a program, and for who may not see the members.',
      type: UserRef,
      nullable: true,
      resolve: ({ sharedBy }) => (sharedBy === null ? null : { id: sharedBy }),
    }),
    sharedAt: t.expose('sharedAt', { type: 'DateTime', description: 'Since when.' }),
  }),
})

const DocumentSharesConnection = connectionType(builder, 'DocumentSharesConnection', { node: DocumentShareRef })

builder.objectField(DocumentRef, 'sharedWith', (t) =>
  t.field({
    description: 'The clients with whom it is shared, the last first.',
    type: DocumentSharesConnection,
    args: pageArgs(t),
    resolve: ({ id: documentId }, args, context) =>
      listShares(context.platform.sql, requireScope(context, 'record:read'), { documentId, page: requirePage(args) }),
  }),
)

builder.mutationFields((t) => ({
  shareDocument: t.field({
    description:
      'Lets a client of the organisation read a document: its title and its file, nothing of what was read in it.',
    type: DocumentRef,
    errors: { types: [NotFound, InvalidInput, NotAllowed, EngineUnavailable] },
    args: {
      documentId: t.arg.id({ required: true, description: 'Of the document.' }),
      clientId: t.arg.id({ required: true, description: 'Who may read it.' }),
    },
    resolve: (_root, args, context) => shareDocument(context.platform, requireScope(context, 'document:write'), args),
  }),
  unshareDocument: t.field({
    description: 'Ends it at once, with the links to the file that the client was given.',
    type: DocumentRef,
    errors: { types: [NotFound, NotAllowed] },
    args: {
      documentId: t.arg.id({ required: true, description: 'Of the document.' }),
      clientId: t.arg.id({ required: true, description: 'Who may read it no more.' }),
    },
    resolve: (_root, args, context) => unshareDocument(context.platform, requireScope(context, 'document:write'), args),
  }),
}))
