import { connectionType } from '@passerelle/platform/schema'
import { builder } from '../builder.ts'
import type { Chunk } from './chunk.store.ts'
import { DocumentRef } from '../document/document.ref.ts'

export const ChunkRef = builder.objectRef<Chunk>('Chunk').implement({
  description: 'A passage of a document: what is searched and cited. 500 to 700 tokens, along headings and sentences.',
  interfaces: ['Node'],
  fields: (t) => ({
    document: t.field({
      tag: 'partner',
      description: 'What it is a passage of; null once that is deleted.',
      type: DocumentRef,
      nullable: true,
      resolve: ({ documentId }, _args, { load }) => load.document.load(documentId),
    }),
    index: t.exposeInt('index', {
      tag: 'partner',
      description: 'Its place in the document, from 0; its neighbours are one less and one more.',
    }),
    text: t.exposeString('text', { tag: 'partner', description: 'As it is printed, lines joined.' }),
    page: t.exposeInt('page', { tag: 'partner', description: 'The page it begins on.' }),
    boxes: t.expose('boxes', { tag: 'partner', type: ['PageBox'], description: 'Where it is printed, line by line.' }),
    startMs: t.exposeInt('startMs', {
      tag: 'partner',
      nullable: true,
      description: 'When it begins in the recording, in milliseconds; null for what is printed.',
    }),
    endMs: t.exposeInt('endMs', {
      tag: 'partner',
      nullable: true,
      description: 'When it ends there, in milliseconds; null for what is printed.',
    }),
    tokenCount: t.exposeInt('tokenCount', {
      tag: 'partner',
      description: 'Its length as language models count (o200k).',
    }),
  }),
})

builder.asEntity(ChunkRef, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: ({ id }, { load }) => load.chunk.load(id),
})

export const DocumentChunksConnection = connectionType(builder, 'DocumentChunksConnection', {
  node: ChunkRef,
  tag: 'partner',
})
