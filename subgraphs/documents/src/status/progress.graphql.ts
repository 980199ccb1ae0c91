import { requireScope } from '@passerelle/platform/schema'
import { builder } from '../builder.ts'
import { DocumentRef } from '../document/document.ref.ts'
import { watchDocument, watchDocuments, type DocumentChange } from './progress.ts'

const DocumentChangeRef = builder.objectRef<DocumentChange>('DocumentChange').implement({
  description: 'A step of a document.',
  fields: (t) => ({
    id: t.exposeID('id', {
      description: 'Of the document, or the provisional one under which its upload was announced.',
    }),
    document: t.expose('document', {
      type: DocumentRef,
      nullable: true,
      description: 'As it was at this step; null once it is deleted.',
    }),
    cursor: t.exposeString('cursor', { description: 'Continue after this one with `after`.' }),
  }),
})

builder.subscriptionFields((t) => ({
  documentProgress: t.field({
    tag: 'partner',
    description:
      'A document at each step of its reading (`document:read`), until it is deleted. Without `after` it begins with the present state; after a lost connection, give the last cursor seen.',
    type: DocumentRef,
    args: {
      id: t.arg.id({ required: true, description: 'Of the document, or the provisional one of its upload.' }),
      after: t.arg.string({ description: 'A cursor of `status`.' }),
    },
    subscribe: (_root, { id, after }, context) =>
      watchDocument(context.platform, requireScope(context, 'document:read'), { id, after, signal: context.signal }),
    resolve: (document) => document,
  }),
  documentsChanged: t.field({
    description: 'Every step of every document of the organisation, from now on or after a cursor.',
    type: DocumentChangeRef,
    args: { after: t.arg.string({ description: 'A cursor of an earlier change.' }) },
    subscribe: (_root, { after }, context) =>
      watchDocuments(context.platform, requireScope(context, 'document:read'), { after, signal: context.signal }),
    resolve: (change) => change,
  }),
}))
