import { NotAllowed, NotFound, requireScope } from '@passerelle/platform/schema'
import { builder } from './builder.ts'
import { findWorkingMemory, forgetWorkingMemory, type MemoryTurn, type WorkingMemory } from './working-memory.ts'

const MemoryTurnRef = builder.objectRef<MemoryTurn>('MemoryTurn').implement({
  description: 'What was said.',
  fields: (t) => ({
    role: t.exposeString('role', { description: '`user` or `assistant`.' }),
    text: t.exposeString('text', { description: 'Word for word.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When.' }),
  }),
})

const WorkingMemoryRef = builder.objectRef<WorkingMemory>('WorkingMemory').implement({
  description: 'What the next answer of a conversation may still refer to.',
  fields: (t) => ({
    conversationId: t.exposeID('conversationId', { description: 'Of which conversation.' }),
    turns: t.expose('turns', { type: [MemoryTurnRef], description: 'Oldest first.' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it is forgotten unless the conversation goes on.',
    }),
  }),
})

builder.queryField('workingMemory', (t) =>
  t.field({
    description: "What is remembered of one of the caller's own conversations; null when nothing is.",
    type: WorkingMemoryRef,
    nullable: true,
    args: { conversationId: t.arg.id({ required: true, description: "One of the caller's own." }) },
    resolve: (_root, { conversationId }, context) =>
      findWorkingMemory(context.platform, requireScope(context, 'answer:ask'), conversationId),
  }),
)

const WorkingMemoryForgottenRef = builder.objectRef<{ conversationId: string }>('WorkingMemoryForgotten').implement({
  description: 'Nothing of the conversation is remembered any more; its answers stay.',
  fields: (t) => ({ conversationId: t.exposeID('conversationId', { description: 'Of which conversation.' }) }),
})

builder.mutationField('forgetWorkingMemory', (t) =>
  t.field({
    description: "Forgets what is remembered of one of the caller's own conversations, at once.",
    type: WorkingMemoryForgottenRef,
    errors: { types: [NotFound, NotAllowed] },
    args: { conversationId: t.arg.id({ required: true, description: "One of the caller's own." }) },
    resolve: (_root, { conversationId }, context) =>
      forgetWorkingMemory(context.platform, requireScope(context, 'answer:ask'), conversationId),
  }),
)
