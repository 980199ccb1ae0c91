import { connectionType, pageArgs, requirePage, requireScope, requireViewer } from '@passerelle/platform/schema'
import { requireSearch } from '@passerelle/platform/records'
import { builder } from '../builder.ts'
import { watchCollections, type Collection, type CollectionChange } from './collection.ts'
import { listCollections } from './collection.store.ts'
import { listDocuments } from '../document/document-list.store.ts'
import { DocumentRef } from '../document/document.ref.ts'

const CollectionDocumentsConnection = connectionType(builder, 'CollectionDocumentsConnection', { node: DocumentRef })

export const CollectionRef = builder.objectRef<Collection>('Collection').implement({
  description: 'Documents that people keep together under a name. A document may be in several, or in none.',
  interfaces: ['Node'],
  fields: (t) => ({
    name: t.exposeString('name', { description: 'No two collections of an organisation have the same.' }),
    description: t.exposeString('description', { nullable: true, description: 'What belongs in it.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    documents: t.field({
      description: 'The documents in it, newest first.',
      type: CollectionDocumentsConnection,
      args: pageArgs(t),
      resolve: ({ id }, page, context) =>
        listDocuments(context.platform.sql, requireViewer(context), {
          query: { collectionIds: [id], order: 'CREATED_DESC' },
          page: requirePage(page),
        }),
    }),
    documentCount: t.int({
      description: 'How many documents are in it.',
      resolve: ({ id }, _args, { load }) => load.collectionSize.load(id),
    }),
  }),
})

builder.objectField(DocumentRef, 'collections', (t) =>
  t.field({
    description: 'The collections it is in, by name.',
    type: [CollectionRef],
    resolve: ({ id }, _args, { load }) => load.collectionsOf.load(id),
  }),
)

const CollectionsConnection = connectionType(builder, 'CollectionsConnection', { node: CollectionRef })

builder.queryFields((t) => ({
  collection: t.field({
    description: 'The collection under an id.',
    type: CollectionRef,
    nullable: true,
    args: { id: t.arg.id({ required: true, description: 'Of the collection.' }) },
    resolve: (_root, { id }, context) => {
      requireScope(context, 'document:read')
      return context.load.collection.load(id)
    },
  }),
  collections: t.field({
    description: "The organisation's collections, by name.",
    type: CollectionsConnection,
    args: {
      ...pageArgs(t),
      search: t.arg.string({
        description: 'Words of the name, or parts of them, without regard to case and accents; at most 200 characters.',
      }),
    },
    resolve: (_root, { search, ...page }, context) =>
      listCollections(context.platform.sql, requireScope(context, 'document:read'), {
        search: requireSearch(search),
        page: requirePage(page),
      }),
  }),
}))

const CollectionChangeRef = builder.objectRef<CollectionChange>('CollectionChange').implement({
  description: 'A collection that was made, named otherwise or deleted, or that other documents are in.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Of the collection.' }),
    collection: t.expose('collection', {
      type: CollectionRef,
      nullable: true,
      description: 'As it is now; null once it is deleted.',
    }),
    cursor: t.exposeString('cursor', { description: 'Continue after this one with `after`.' }),
  }),
})

builder.subscriptionField('collectionsChanged', (t) =>
  t.field({
    description:
      'Every change of the collections of the organisation, from now on or after a cursor. A document that is deleted leaves its collections with `documentsChanged`.',
    type: CollectionChangeRef,
    args: { after: t.arg.string({ description: 'A cursor of an earlier change.' }) },
    subscribe: (_root, { after }, context) =>
      watchCollections(context.platform, requireScope(context, 'document:read'), { after, signal: context.signal }),
    resolve: (change) => change,
  }),
)
