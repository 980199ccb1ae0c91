import { InvalidInput, NotAllowed, NotFound, requirePerson, requireScope } from '@passerelle/platform/schema'
import { builder } from '../builder.ts'
import { allowProvider, listProviders, withdrawProvider, type Consent, type Provider } from './provider.ts'
import { UserStub } from '../stubs.ts'

const ProviderConsentRef = builder.objectRef<Consent>('ProviderConsent').implement({
  description: 'The organisation’s leave to send its words to a server outside the house.',
  fields: (t) => ({
    givenAt: t.expose('givenAt', { type: 'DateTime', description: 'Since when.' }),
    givenBy: t.field({
      description: 'By whom; null for who may not see the members.',
      type: UserStub,
      nullable: true,
      resolve: ({ givenBy }) => (givenBy ? { id: givenBy } : null),
    }),
  }),
})

const ModelProviderRef = builder.objectRef<Provider>('ModelProvider').implement({
  description: 'A server of models that the installation is configured with.',
  fields: (t) => ({
    name: t.exposeString('name', { description: '`ollama`, `openai` or `speech`.' }),
    host: t.exposeString('host', { description: 'Where it is: host and port.' }),
    outside: t.exposeBoolean('outside', {
      description:
        'True when it lies outside the house: its host is neither loopback nor private, `.local` or `.internal`, or its setting says so.',
    }),
    healthy: t.exposeBoolean('answers', { description: 'Whether it answered when it was last asked, seconds ago.' }),
    allowed: t.boolean({
      description: 'Whether the organisation’s words may go there: always in the house, outside with its leave alone.',
      resolve: ({ outside, consent }) => !outside || consent !== null,
    }),
    consent: t.expose('consent', {
      type: ProviderConsentRef,
      nullable: true,
      description: 'The leave; null for a server in the house, and where there is none.',
    }),
  }),
})

builder.queryField('modelProviders', (t) =>
  t.field({
    description: 'Every configured server, in the order in which they are asked. Empty when none is configured.',
    type: [ModelProviderRef],
    resolve: (_root, _args, context) => listProviders(context.platform, requireScope(context, 'answer:ask')),
  }),
)

const name = 'As `modelProviders` names it.'
const errors = { types: [NotAllowed, NotFound, InvalidInput] }

builder.mutationFields((t) => ({
  allowProvider: t.field({
    description:
      'Lets the organisation’s questions, passages, texts to embed and recordings go to a server outside the house (`model:manage`). It holds for this server at this host, until it is withdrawn.',
    type: ModelProviderRef,
    errors,
    args: { name: t.arg.string({ required: true, description: name }) },
    resolve: (_root, args, context) =>
      allowProvider(context.platform, requirePerson(context, 'model:manage'), args.name),
  }),
  withdrawProvider: t.field({
    description:
      'Ends the leave at once (`model:manage`): what waits in the queue is not sent any more. What was sent cannot be called back.',
    type: ModelProviderRef,
    errors,
    args: { name: t.arg.string({ required: true, description: name }) },
    resolve: (_root, args, context) =>
      withdrawProvider(context.platform, requireScope(context, 'model:manage'), args.name),
  }),
}))
