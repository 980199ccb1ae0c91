import { connectionType, pageArgs, requirePage, requireScope } from '@passerelle/platform/schema'
import { askerOf } from '../asker.ts'
import { AnswerRef } from './answer.graphql.ts'
import { listAnswers } from './answer.store.ts'
import { builder } from '../builder.ts'
import { findConversation, listConversations, type Conversation } from './conversation.store.ts'

const ConversationAnswersConnection = connectionType(builder, 'ConversationAnswersConnection', { node: AnswerRef })

const ConversationRef = builder.objectRef<Conversation>('Conversation').implement({
  description: 'Questions of one person that belong together.',
  interfaces: ['Node'],
  fields: (t) => ({
    title: t.exposeString('title', { description: 'Its first question, shortened.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When its first question was asked.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When its last question was answered.' }),
    answers: t.field({
      description: 'What was asked and answered, the oldest first.',
      type: ConversationAnswersConnection,
      nullable: true,
      args: pageArgs(t),
      resolve: ({ id }, args, context) =>
        listAnswers(context.platform.sql, requireScope(context, 'answer:ask'), {
          conversationId: id,
          page: requirePage(args),
        }),
    }),
  }),
})

const ConversationsConnection = connectionType(builder, 'ConversationsConnection', { node: ConversationRef })

builder.queryFields((t) => ({
  conversation: t.field({
    description: "One of the caller's own conversations.",
    type: ConversationRef,
    nullable: true,
    args: { id: t.arg.id({ required: true, description: 'Of the conversation.' }) },
    resolve: (_root, { id }, context) => {
      const viewer = requireScope(context, 'answer:ask')
      return context.platform.sql.withOrganization(viewer, (tx) => findConversation(tx, askerOf(viewer), id))
    },
  }),
  conversations: t.field({
    description: "The caller's own conversations, the one last spoken in first.",
    type: ConversationsConnection,
    args: pageArgs(t),
    resolve: (_root, args, context) =>
      listConversations(context.platform.sql, requireScope(context, 'answer:ask'), requirePage(args)),
  }),
}))
