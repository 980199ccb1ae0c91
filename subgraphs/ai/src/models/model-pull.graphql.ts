import { createChannel } from '@passerelle/platform/facts/channel'
import {
  EngineUnavailable,
  InvalidInput,
  NotAllowed,
  NotFound,
  requireScope,
  subscriptionOf,
} from '@passerelle/platform/schema'
import { builder } from '../builder.ts'
import { requireOperator } from './operator.policy.ts'
import { isActive, type Pull } from './model-pull.board.ts'
import { pullsOf } from './model-pull.ts'

const ModelPullStateEnum = builder.enumType('ModelPullState', {
  description: 'How a pull stands.',
  values: {
    WAITING: { description: 'Two others come first.' },
    PULLING: { description: 'On its way.' },
    DONE: { description: 'It is there.' },
    FAILED: { description: 'It did not come; `error` says why.' },
    CANCELLED: { description: 'Somebody called it off. What had come is kept for the next pull.' },
  } satisfies Record<Pull['state'], { description: string }>,
})

const ModelPullRef = builder.objectRef<Pull>('ModelPull').implement({
  description: 'A model on its way to the installation’s server.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Of the pull.' }),
    model: t.exposeString('model', { description: 'With its tag.' }),
    state: t.expose('state', { type: ModelPullStateEnum, description: 'How it stands.' }),
    status: t.exposeString('status', { nullable: true, description: 'What the server is doing, in its words.' }),
    completedBytes: t.exposeFloat('completedBytes', { description: 'What has come.' }),
    totalBytes: t.exposeFloat('totalBytes', { nullable: true, description: 'All of it, as far as it is known yet.' }),
    error: t.exposeString('error', { nullable: true, description: 'Why it failed.' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When it was asked for.' }),
    endedAt: t.expose('endedAt', { type: 'DateTime', nullable: true, description: 'When it ended.' }),
    cancellable: t.boolean({ description: 'False once it has ended.', resolve: isActive }),
  }),
})

builder.queryField('modelPulls', (t) =>
  t.field({
    description: 'The pulls of the last day, the newest first, whoever asked for them (`model:manage`).',
    type: [ModelPullRef],
    resolve: (_root, _args, context) => {
      requireScope(context, 'model:manage')
      return pullsOf(context.platform).list()
    },
  }),
)

builder.mutationFields((t) => ({
  pullModel: t.field({
    description:
      'Brings a model to the installation’s server, or its newer version, for every organisation on it (`model:manage`: owners and administrators). Answers at once; it goes on when the caller has gone, and `modelPullChanged` follows it. A name that is on its way already answers that pull.',
    type: ModelPullRef,
    errors: { types: [NotAllowed, InvalidInput, EngineUnavailable] },
    args: {
      name: t.arg.string({
        required: true,
        description: 'As in Ollama’s library: `mistral`, `qwen3:8b`, `hf.co/team/model:tag`.',
      }),
    },
    resolve: (_root, { name }, context) => {
      const { userId, organizationId } = requireOperator(context)
      context.log.info({ name, userId, organizationId }, 'A model is being pulled.')
      return pullsOf(context.platform).start(name)
    },
  }),
  cancelModelPull: t.field({
    description: 'Calls a pull off, whoever asked for it (`model:manage`); one that has ended stays as it is.',
    type: ModelPullRef,
    errors: { types: [NotAllowed, NotFound, EngineUnavailable] },
    args: { id: t.arg.id({ required: true, description: 'Of the pull.' }) },
    resolve: (_root, { id }, context) => {
      requireOperator(context)
      return pullsOf(context.platform).cancel(id)
    },
  }),
}))

builder.subscriptionField('modelPullChanged', (t) =>
  t.field({
    description: 'Every pull that is on its way, and each as it changes, to its end (`model:manage`).',
    type: ModelPullRef,
    subscribe: async (_root, _args, context) => {
      requireOperator(context)
      const pulls = pullsOf(context.platform)
      let leave = async (): Promise<void> => undefined
      const changes = createChannel<Pull>(() => void leave())
      leave = await pulls.watch((pull) => changes.push(pull))
      // Whoever has gone while the watch was opened is not told of it again.
      if (context.signal.aborted) changes.end()
      else context.signal.addEventListener('abort', () => changes.end(), { once: true })
      const known = await pulls.list().catch((error: unknown) => {
        changes.end()
        throw error
      })
      for (const pull of known) if (isActive(pull)) changes.push(pull)
      return subscriptionOf(changes, (pull) => pull)
    },
    resolve: (pull) => pull,
  }),
)
