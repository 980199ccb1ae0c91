import { requireScope } from '@passerelle/platform/schema'
import { answerModes, type Answer, type AnswerSentence, type Citation } from './answer.ts'
import { builder } from './builder.ts'
import { ChunkStub, DocumentStub } from './stubs.ts'

const AnswerModeEnum = builder.enumType('AnswerMode', {
  description:
    'EXTRACTIVE: sentences of the sources, word for word, without a model. GENERATIVE: written by a model from the sources.',
  values: answerModes,
})

const CitationRef = builder.objectRef<Citation>('Citation').implement({
  description:
    'Where a sentence comes from. Page, boxes and excerpt are kept with the answer; `document` and `chunk` are null once the source is gone.',
  fields: (t) => ({
    marker: t.exposeString('marker', { description: 'Names the source within the answer, as `[DOC:…]`.' }),
    document: t.field({ type: DocumentStub, nullable: true, resolve: ({ documentId }) => ({ id: documentId }) }),
    chunk: t.field({ type: ChunkStub, nullable: true, resolve: ({ chunkId }) => ({ id: chunkId }) }),
    page: t.exposeInt('page'),
    boxes: t.expose('boxes', { type: ['PageBox'], description: 'The words that say it, line by line.' }),
    excerpt: t.exposeString('excerpt'),
    confidence: t.exposeFloat('confidence', { description: '0 to 1.' }),
  }),
})

const AnswerSentenceRef = builder.objectRef<AnswerSentence>('AnswerSentence').implement({
  fields: (t) => ({
    text: t.exposeString('text'),
    supported: t.exposeBoolean('supported', { description: 'False when no source says it.' }),
    citations: t.expose('citations', { type: [CitationRef] }),
  }),
})

export const AnswerRef = builder.objectRef<Answer>('Answer').implement({
  description: 'An answer from the documents that the asker may read.',
  interfaces: ['Node'],
  fields: (t) => ({
    question: t.exposeString('question'),
    text: t.exposeString('text'),
    abstained: t.exposeBoolean('abstained', {
      description:
        'True when the sources do not hold the answer; `text` then says so and offers a hand-over to a person.',
    }),
    sentences: t.expose('sentences', { type: [AnswerSentenceRef] }),
    mode: t.expose('mode', { type: AnswerModeEnum }),
    model: t.exposeString('model', { nullable: true, description: 'The model that wrote it; null for EXTRACTIVE.' }),
    conversationId: t.exposeID('conversationId'),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
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
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, context) => {
      requireScope(context, 'answer:ask')
      return context.answers.load(id)
    },
  }),
)
