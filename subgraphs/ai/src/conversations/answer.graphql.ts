import { requireScope } from '@passerelle/platform/schema'
import type { Answer, AnswerMode, AnswerSentence, Citation, RecordKind, RecordSource } from './answer.ts'
import { builder } from '../builder.ts'
import { ChunkStub, DocumentStub } from '../stubs.ts'

const AnswerModeEnum = builder.enumType('AnswerMode', {
  description: 'How an answer came about.',
  values: {
    EXTRACTIVE: {
      description: 'Sentences of the documents, word for word, or what a record holds; without a model.',
    },
    GENERATIVE: { description: 'Written by a model from the sources.' },
  } satisfies Record<AnswerMode, { description: string }>,
})

const RecordKindEnum = builder.enumType('RecordKind', {
  description: 'The kinds of operational records.',
  values: {
    SHIPMENT: { description: 'A shipment.' },
    CLIENT: { description: 'A client.' },
    PROPERTY: { description: 'A property.' },
  } satisfies Record<RecordKind, { description: string }>,
})

const RecordSourceRef = builder.objectRef<RecordSource>('RecordSource').implement({
  description: 'An operational record that a sentence comes from. What it said is in the excerpt of its citation.',
  fields: (t) => ({
    kind: t.expose('kind', { type: RecordKindEnum, description: 'Which kind.' }),
    id: t.exposeID('id', { description: 'Of the record; it may be gone since.' }),
    title: t.exposeString('title', { description: 'What it was called when it was asked.' }),
  }),
})

const CitationRef = builder.objectRef<Citation>('Citation').implement({
  description:
    'Where a sentence comes from: a passage of a document, or an operational record. Page, boxes and excerpt are kept with the answer; `document` and `chunk` are null once the source is gone, and when it is a record.',
  fields: (t) => ({
    marker: t.exposeString('marker', {
      description: 'Names the source within the answer, as `[DOC:…]`, or `[REC:…]` for a record.',
    }),
    document: t.field({
      description: 'The source.',
      type: DocumentStub,
      nullable: true,
      resolve: ({ documentId }) => (documentId ? { id: documentId } : null),
    }),
    chunk: t.field({
      description: 'The passage of the source; null also when it has been read anew since.',
      type: ChunkStub,
      nullable: true,
      resolve: ({ chunkId }) => (chunkId ? { id: chunkId } : null),
    }),
    record: t.field({
      description: 'The record that says it; null when a document does.',
      type: RecordSourceRef,
      nullable: true,
      resolve: ({ record }) => record ?? null,
    }),
    page: t.exposeInt('page', { description: 'From 1; 0 when the source is a record, which has no pages.' }),
    boxes: t.expose('boxes', {
      type: ['PageBox'],
      description: 'The words that say it, line by line; none of a record.',
    }),
    excerpt: t.exposeString('excerpt', { description: 'The words that say it.' }),
    confidence: t.exposeFloat('confidence', { description: '0 to 1.' }),
  }),
})

const AnswerSentenceRef = builder.objectRef<AnswerSentence>('AnswerSentence').implement({
  description: 'A sentence of an answer, with what it rests on.',
  fields: (t) => ({
    text: t.exposeString('text', { description: 'The sentence.' }),
    supported: t.exposeBoolean('supported', { description: 'False when no source says it.' }),
    citations: t.expose('citations', { type: [CitationRef], description: 'Where it is said, the best first.' }),
  }),
})

export const AnswerRef = builder.objectRef<Answer>('Answer').implement({
  description: 'An answer from the documents and records that the asker may read.',
  interfaces: ['Node'],
  fields: (t) => ({
    question: t.exposeString('question', { description: 'As it was asked.' }),
    text: t.exposeString('text', { description: 'The whole answer.' }),
    abstained: t.exposeBoolean('abstained', {
      description:
        'True when the sources do not hold the answer; `text` then says so and offers a hand-over to a person.',
    }),
    sentences: t.expose('sentences', {
      type: [AnswerSentenceRef],
      description: 'The same, sentence by sentence, with sources; none when it abstained.',
    }),
    mode: t.expose('mode', { type: AnswerModeEnum, description: 'How it came about.' }),
    model: t.exposeString('model', { nullable: true, description: 'The model that wrote it; null for EXTRACTIVE.' }),
    conversationId: t.exposeID('conversationId', {
      description: 'Given with the next question, goes on with this conversation.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was given.' }),
  }),
})

builder.asEntity(AnswerRef, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: ({ id }, { answers }) => answers.load(id),
})

builder.queryField('answer', (t) =>
  t.field({
    description: "One of the caller's own answers.",
    type: AnswerRef,
    nullable: true,
    args: { id: t.arg.id({ required: true, description: 'Of the answer.' }) },
    resolve: (_root, { id }, context) => {
      requireScope(context, 'answer:ask')
      return context.answers.load(id)
    },
  }),
)
