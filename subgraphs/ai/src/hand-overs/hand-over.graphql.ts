import { connectionType, pageArgs, requirePage, requireScope } from '@passerelle/platform/schema'
import { AnswerRef } from '../conversations/answer.graphql.ts'
import { builder } from '../builder.ts'
import { watchHandOvers, type HandOverChange } from './hand-over.facts.ts'
import { listHandOvers } from './hand-over.store.ts'
import type { HandOver, HandOverStatus } from './hand-over.ts'
import { DocumentStub, UserStub } from '../stubs.ts'

export const HandOverStatusEnum = builder.enumType('HandOverStatus', {
  description: 'Where a question that was handed to a person stands.',
  values: {
    OPEN: { description: 'Nobody has taken it yet.' },
    TAKEN: { description: 'Somebody is at it.' },
    ANSWERED: { description: 'There is a reply.' },
    CLOSED: { description: 'Over, with a reply or without.' },
  } satisfies Record<HandOverStatus, { description: string }>,
})

/** A person elsewhere in the graph, or nobody. */
export const toUser = (id: string | null) => (id ? { id } : null)

export const HandOverRef = builder.objectRef<HandOver>('HandOver').implement({
  description:
    'A question that its asker hands to a person. Conversations are private: colleagues who may answer see the question and the note, because the asker hands them over, and neither the answer nor the rest of the conversation.',
  interfaces: ['Node'],
  fields: (t) => ({
    question: t.exposeString('question', { description: 'As it was asked.' }),
    note: t.exposeString('note', { nullable: true, description: 'What the asker added.' }),
    status: t.expose('status', { type: HandOverStatusEnum, description: 'Where it stands.' }),
    reply: t.exposeString('reply', { nullable: true, description: 'What was replied, as it is now.' }),
    replyDocuments: t.field({
      description: 'The documents that the reply names; without those that the reader may not read.',
      type: [DocumentStub],
      nullable: { list: false, items: true },
      resolve: ({ replyDocumentIds }) => replyDocumentIds.map((id) => ({ id })),
    }),
    asker: t.field({
      description: 'Who asked; null for who may not see the members.',
      type: UserStub,
      nullable: true,
      resolve: ({ askerId }) => toUser(askerId),
    }),
    assignee: t.field({
      description: 'Who has taken it; null while nobody has, and for who may not see the members.',
      type: UserStub,
      nullable: true,
      resolve: ({ assigneeId }) => toUser(assigneeId),
    }),
    replier: t.field({
      description: 'Who replied; null while nobody has, and for who may not see the members.',
      type: UserStub,
      nullable: true,
      resolve: ({ replierId }) => toUser(replierId),
    }),
    isMine: t.boolean({
      description: 'Whether the caller has taken it.',
      resolve: ({ assigneeId }, _args, { viewer }) => assigneeId !== null && assigneeId === viewer?.userId,
    }),
    isAsker: t.boolean({
      description: 'Whether the caller asked it.',
      resolve: ({ askerId }, _args, { viewer }) => askerId === viewer?.userId,
    }),
    answer: t.field({
      description: "The answer that it was asked under: the asker's own, null for everybody else.",
      type: AnswerRef,
      nullable: true,
      resolve: ({ answerId }, _args, { answers }) => answers.load(answerId),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was handed over.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it last changed.' }),
    takenAt: t.expose('takenAt', { type: 'DateTime', nullable: true, description: 'When it was taken.' }),
    answeredAt: t.expose('answeredAt', { type: 'DateTime', nullable: true, description: 'When it was replied to.' }),
    closedAt: t.expose('closedAt', { type: 'DateTime', nullable: true, description: 'When it was closed.' }),
  }),
})

builder.objectField(AnswerRef, 'handOver', (t) =>
  t.field({
    description: 'What became of it with a person; null while its question has not been handed over.',
    type: HandOverRef,
    nullable: true,
    resolve: ({ id }, _args, { handOversOfAnswers }) => handOversOfAnswers.load(id),
  }),
)

const HandOversConnection = connectionType(builder, 'HandOversConnection', { node: HandOverRef })

const HandOverFilterInput = builder.inputType('HandOverFilter', {
  description: 'Which hand-overs: those that match all that is given.',
  fields: (t) => ({
    statuses: t.field({ type: [HandOverStatusEnum], description: 'Where they stand; anywhere unless told.' }),
    mine: t.boolean({ description: 'True: only those that the caller has taken.' }),
    asked: t.boolean({ description: 'True: only those that the caller asked.' }),
  }),
})

const HandOverOrderEnum = builder.enumType('HandOverOrder', {
  description: 'In which order hand-overs are listed.',
  values: {
    CREATED_DESC: { description: 'The newest first.' },
    CREATED_ASC: { description: 'The one that waits longest first.' },
  },
})

builder.queryFields((t) => ({
  handOver: t.field({
    description: "A question that was handed over: the caller's own, or for who may answer (`question:answer`) any.",
    type: HandOverRef,
    nullable: true,
    args: { id: t.arg.id({ required: true, description: 'Of the hand-over.' }) },
    resolve: (_root, { id }, context) => {
      requireScope(context, 'answer:ask')
      return context.handOvers.load(id)
    },
  }),
  handOvers: t.field({
    description:
      "Questions that were handed over: the caller's own, or for who may answer (`question:answer`) all of the organisation.",
    type: HandOversConnection,
    args: {
      ...pageArgs(t),
      filter: t.arg({ type: HandOverFilterInput, description: 'All of them unless told.' }),
      orderBy: t.arg({ type: HandOverOrderEnum, description: 'The newest first unless told.' }),
    },
    resolve: (_root, { filter, orderBy, ...args }, context) =>
      listHandOvers(context.platform.sql, requireScope(context, 'answer:ask'), {
        filter: {
          statuses: filter?.statuses ?? null,
          mine: filter?.mine ?? false,
          asked: filter?.asked ?? false,
        },
        newestFirst: orderBy !== 'CREATED_ASC',
        page: requirePage(args),
      }),
  }),
}))

const HandOverChangeRef = builder.objectRef<HandOverChange>('HandOverChange').implement({
  description: 'Something about a question that was handed over is different.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Of the hand-over.' }),
    handOver: t.field({
      description: 'As it is now; null once it is gone.',
      type: HandOverRef,
      nullable: true,
      resolve: ({ id }, _args, { handOvers }) => handOvers.load(id),
    }),
    cursor: t.exposeString('cursor', { description: 'Continue after this one with `after`.' }),
  }),
})

builder.subscriptionField('handOversChanged', (t) =>
  t.field({
    description:
      "Every change of the caller's own hand-overs, and for who may answer (`question:answer`) of all, from now on or after a cursor.",
    type: HandOverChangeRef,
    args: { after: t.arg.string({ description: 'A cursor of an earlier change.' }) },
    subscribe: (_root, { after }, context) =>
      watchHandOvers(context.platform, { viewer: requireScope(context, 'answer:ask'), after, signal: context.signal }),
    resolve: (change) => change,
  }),
)
