import { InvalidInput, NotAllowed, NotFound, requireScope } from '@passerelle/platform/schema'
import { builder } from '../builder.ts'
import { CollectionRef } from './collection.graphql.ts'
import { NameTaken } from './collection.refusals.ts'
import {
  addToCollection,
  createCollection,
  deleteCollection,
  removeFromCollection,
  renameCollection,
} from './collection.ts'

builder.objectType(NameTaken, {
  name: 'NameTaken',
  description: 'Another collection of the organisation is called this, if in other capitals.',
  interfaces: ['Refusal'],
})

const CollectionDeletedRef = builder.objectRef<{ id: string }>('CollectionDeleted').implement({
  description: 'The collection is gone; the documents that were in it are still there.',
  fields: (t) => ({ id: t.exposeID('id', { description: 'What it was.' }) }),
})

const words = {
  collection: 'Of the collection.',
  name: '1 to 100 characters.',
  description: 'What belongs in it; at most 500 characters.',
  documents: 'At most 1,000.',
}

builder.mutationFields((t) => ({
  createCollection: t.field({
    description: 'Makes an empty collection.',
    type: CollectionRef,
    errors: { types: [NotAllowed, InvalidInput, NameTaken] },
    args: {
      name: t.arg.string({ required: true, description: words.name }),
      description: t.arg.string({ description: words.description }),
    },
    resolve: (_root, args, context) =>
      createCollection(context.platform, requireScope(context, 'document:write'), args),
  }),
  renameCollection: t.field({
    description: 'Gives a collection another name and, if one is given, another description.',
    type: CollectionRef,
    errors: { types: [NotFound, NotAllowed, InvalidInput, NameTaken] },
    args: {
      id: t.arg.id({ required: true, description: words.collection }),
      name: t.arg.string({ required: true, description: words.name }),
      description: t.arg.string({ description: `${words.description} Null or empty takes it away.` }),
    },
    resolve: (_root, args, context) =>
      renameCollection(context.platform, requireScope(context, 'document:write'), args),
  }),
  deleteCollection: t.field({
    description: 'Deletes a collection; the documents in it stay.',
    type: CollectionDeletedRef,
    errors: { types: [NotFound, NotAllowed] },
    args: { id: t.arg.id({ required: true, description: words.collection }) },
    resolve: (_root, { id }, context) =>
      deleteCollection(context.platform, requireScope(context, 'document:write'), id),
  }),
  addToCollection: t.field({
    description: 'Puts documents in a collection, all or, when one of them is not there, none.',
    type: CollectionRef,
    errors: { types: [NotFound, NotAllowed, InvalidInput] },
    args: {
      collectionId: t.arg.id({ required: true, description: words.collection }),
      documentIds: t.arg.idList({ required: true, description: words.documents }),
    },
    resolve: (_root, args, context) => addToCollection(context.platform, requireScope(context, 'document:write'), args),
  }),
  removeFromCollection: t.field({
    description: 'Takes documents out of a collection; one that is not in it is passed over.',
    type: CollectionRef,
    errors: { types: [NotFound, NotAllowed, InvalidInput] },
    args: {
      collectionId: t.arg.id({ required: true, description: words.collection }),
      documentIds: t.arg.idList({ required: true, description: words.documents }),
    },
    resolve: (_root, args, context) =>
      removeFromCollection(context.platform, requireScope(context, 'document:write'), args),
  }),
}))
