import { EngineUnavailable, InvalidInput, NotAllowed, NotFound, requireScope } from '@passerelle/platform/schema'
import { builder } from '../builder.ts'
import { HandOverRef, HandOverStatusEnum, toUser } from './hand-over.graphql.ts'
import { requireReadable } from './hand-over-documents.ts'
import { AlreadyTaken, HandOverNotOpen } from './hand-over.refusals.ts'
import { answerHandOver, closeHandOver, handOver, reopenHandOver, requireReply, takeHandOver } from './hand-over.ts'
import { UserStub } from '../stubs.ts'

builder.objectType(AlreadyTaken, {
  name: 'AlreadyTaken',
  description: 'Somebody else has taken this question.',
  interfaces: ['Refusal'],
  fields: (t) => ({
    by: t.field({
      description: 'Who; null for who may not see the members.',
      type: UserStub,
      nullable: true,
      resolve: ({ byId }) => toUser(byId),
    }),
  }),
})

builder.objectType(HandOverNotOpen, {
  name: 'HandOverNotOpen',
  description: 'This question has been answered or closed; open it again first.',
  interfaces: ['Refusal'],
  fields: (t) => ({ status: t.expose('status', { type: HandOverStatusEnum, description: 'Where it stands.' }) }),
})

const idArg = 'Of the hand-over.'

builder.mutationFields((t) => ({
  handOver: t.field({
    description:
      'Hands the question of one of the caller’s own answers to a person: colleagues who may answer then see the question and the note, nothing else. Done twice, it is the same hand-over.',
    type: HandOverRef,
    errors: { types: [NotFound, NotAllowed, InvalidInput] },
    args: {
      answerId: t.arg.id({ required: true, description: 'The answer, abstained or not.' }),
      note: t.arg.string({ description: 'What a colleague should know; at most 2,000 characters.' }),
    },
    resolve: (_root, args, context) => handOver(context.platform, requireScope(context, 'answer:ask'), args),
  }),
  takeHandOver: t.field({
    description: 'Takes a question on. Of two who take it at once one has it; the other is refused with AlreadyTaken.',
    type: HandOverRef,
    errors: { types: [NotFound, NotAllowed, AlreadyTaken, HandOverNotOpen] },
    args: { id: t.arg.id({ required: true, description: idArg }) },
    resolve: (_root, { id }, context) => takeHandOver(context.platform, requireScope(context, 'answer:ask'), id),
  }),
  answerHandOver: t.field({
    description:
      'Replies to a question; one that nobody has is thereby taken. Who has replied may say it better until it is closed.',
    type: HandOverRef,
    errors: { types: [NotFound, NotAllowed, InvalidInput, AlreadyTaken, HandOverNotOpen, EngineUnavailable] },
    args: {
      id: t.arg.id({ required: true, description: idArg }),
      text: t.arg.string({ required: true, description: 'The reply; at most 10,000 characters.' }),
      documentIds: t.arg.idList({
        description:
          'Documents that it rests on: at most 10, that the caller may read. The asker sees those they may read.',
      }),
    },
    resolve: async (_root, args, context) => {
      const viewer = requireScope(context, 'question:answer')
      const reply = requireReply(args)
      const documentIds = await requireReadable(context.platform.readGraph, {
        viewer,
        documentIds: reply.documentIds,
        signal: context.signal,
      })
      return answerHandOver(context.platform, viewer, { ...reply, documentIds })
    },
  }),
  closeHandOver: t.field({
    description: 'Ends a question, with a reply or without: its asker, who has taken it, or an administrator.',
    type: HandOverRef,
    errors: { types: [NotFound, NotAllowed] },
    args: { id: t.arg.id({ required: true, description: idArg }) },
    resolve: (_root, { id }, context) => closeHandOver(context.platform, requireScope(context, 'answer:ask'), id),
  }),
  reopenHandOver: t.field({
    description:
      'Takes the last step back: a closed question is what it was before, an answered one is with its replier again, a taken one is open to all.',
    type: HandOverRef,
    errors: { types: [NotFound, NotAllowed] },
    args: { id: t.arg.id({ required: true, description: idArg }) },
    resolve: (_root, { id }, context) => reopenHandOver(context.platform, requireScope(context, 'answer:ask'), id),
  }),
}))
