import { requireScope } from '@passerelle/platform/schema'
import type { ModelEntry } from '@passerelle/platform/models'
import { builder } from '../builder.ts'

const ModelSkillEnum = builder.enumType('ModelSkill', {
  description: 'What a model can do.',
  values: {
    CHAT: { value: 'chat', description: 'Write.' },
    EMBEDDING: { value: 'embedding', description: 'Turn texts into vectors, for search by meaning.' },
    SPEECH: { value: 'speech', description: 'Write down what is said.' },
  } satisfies Record<string, { value: ModelEntry['skills'][number]; description: string }>,
})

export const ModelRef = builder.objectRef<ModelEntry>('Model').implement({
  description:
    'A model that a server of the installation has. Models are the installation’s: every organisation sees the same.',
  fields: (t) => ({
    id: t.id({
      description: 'Its server and its name.',
      resolve: ({ provider, name }) => `${provider}/${name}`,
    }),
    name: t.exposeString('name', { description: 'As its server calls it, such as `mistral-small:latest`.' }),
    provider: t.exposeString('provider', { description: 'The server that has it: `ollama`, `openai` or `speech`.' }),
    digest: t.exposeString('digest', {
      nullable: true,
      description: 'Of its weights; null when the server does not say.',
    }),
    sizeBytes: t.exposeFloat('sizeBytes', {
      nullable: true,
      description: 'What it takes on disk; null when the server does not say.',
    }),
    parameters: t.exposeString('parameters', { nullable: true, description: 'How many, such as `7.2B`.' }),
    quantization: t.exposeString('quantization', { nullable: true, description: 'Such as `Q4_K_M`.' }),
    contextLength: t.exposeInt('contextLength', { nullable: true, description: 'Tokens that it reads at most.' }),
    skills: t.expose('skills', { type: [ModelSkillEnum], description: 'What it can do; none when that is not known.' }),
    loaded: t.exposeBoolean('loaded', {
      nullable: true,
      description: 'True while it is on the card, or in memory; null when the server does not say.',
    }),
    outside: t.exposeBoolean('outside', {
      description: 'True when its server lies outside the house: it is told nothing without the organisation’s leave.',
    }),
  }),
})

builder.queryField('models', (t) =>
  t.field({
    description: 'Every model of the servers that answer, backups left out. Empty when no server is configured.',
    type: [ModelRef],
    resolve: (_root, _args, context) => {
      requireScope(context, 'answer:ask')
      return context.platform.models.list()
    },
  }),
)
