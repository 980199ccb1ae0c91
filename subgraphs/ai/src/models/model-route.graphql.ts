import { EngineUnavailable, InvalidInput, NotAllowed, requireScope } from '@passerelle/platform/schema'
import type { ProviderName } from '@passerelle/platform/models'
import { builder } from '../builder.ts'
import { listTaskRoutes, routeTask, type ModelTask, type TaskRoute } from './model-route.ts'
import { UserStub } from '../stubs.ts'

const ModelTaskEnum = builder.enumType('ModelTask', {
  description: 'What models are wanted for.',
  values: {
    ANSWERING: { description: 'Writing answers to questions.' },
    EMBEDDING: {
      description:
        'Search by meaning. Vectors of two models cannot be compared: another model reads every document anew, and until it has, those that it has not read are found by their words alone.',
    },
    TRANSCRIPTION: { description: 'Writing down what is said.' },
  } satisfies Record<ModelTask, { description: string }>,
})

const ModelRouteRef = builder.objectRef<TaskRoute>('ModelRoute').implement({
  description: 'Who does a task for the organisation.',
  fields: (t) => ({
    task: t.expose('task', { type: ModelTaskEnum, description: 'Which.' }),
    provider: t.string({
      nullable: true,
      description: 'The server of the model that the organisation wants for it; null for the usual one.',
      resolve: ({ wanted }) => wanted?.provider ?? null,
    }),
    model: t.string({
      nullable: true,
      description: 'The model that the organisation wants for it; null for the usual one.',
      resolve: ({ wanted }) => wanted?.model ?? null,
    }),
    current: t.exposeString('current', {
      nullable: true,
      description:
        'The model that does it now: the usual one too while the wanted one does not answer; null when none does.',
    }),
    setAt: t.field({
      description: 'Since when; null for the usual one.',
      type: 'DateTime',
      nullable: true,
      resolve: ({ wanted }) => wanted?.setAt ?? null,
    }),
    setBy: t.field({
      description: 'By whom; null for the usual one, and for who may not see the members.',
      type: UserStub,
      nullable: true,
      resolve: ({ wanted }) => (wanted?.setBy ? { id: wanted.setBy } : null),
    }),
  }),
})

builder.queryField('modelRoutes', (t) =>
  t.field({
    description: 'Every task that models do, with who does it for the organisation.',
    type: [ModelRouteRef],
    resolve: (_root, _args, context) => listTaskRoutes(context.platform, requireScope(context, 'answer:ask')),
  }),
)

const RouteTaskInput = builder.inputType('RouteTaskInput', {
  description: 'A task, and the model that is to do it. Without `provider` and `model`, the usual one does it again.',
  fields: (t) => ({
    task: t.field({ type: ModelTaskEnum, required: true, description: 'Which.' }),
    provider: t.string({ description: 'The server of the model, as `models` names it.' }),
    model: t.string({ description: 'The model’s name there.' }),
  }),
})

builder.mutationField('routeTask', (t) =>
  t.field({
    description:
      'Gives a task of the organisation to a model (`model:manage`). While that does not answer, the usual one does it; but vectors wait for their model, and nothing goes outside the house without leave.',
    type: ModelRouteRef,
    errors: { types: [NotAllowed, InvalidInput, EngineUnavailable] },
    args: { input: t.arg({ type: RouteTaskInput, required: true, description: 'The task and its model.' }) },
    resolve: (_root, { input }, context) =>
      routeTask(context.platform, requireScope(context, 'model:manage'), {
        task: input.task,
        model: toRoute(input),
      }),
  }),
)

function toRoute({ provider, model }: { provider?: string | null | undefined; model?: string | null | undefined }) {
  if (provider == null && model == null) return null
  if (provider == null || model == null)
    throw new InvalidInput('A model is named by its server and its name.', [
      'input',
      provider == null ? 'provider' : 'model',
    ])
  const name = (['ollama', 'openai', 'speech'] as const satisfies ProviderName[]).find((one) => one === provider)
  if (!name) throw new InvalidInput('There is no such server.', ['input', 'provider'])
  return { provider: name, model }
}
