import { InvalidInput, NotAllowed, NotFound, requirePerson } from '@passerelle/platform/schema'
import { ApiKeyKindEnum, ApiKeyRef } from './api-key.graphql.ts'
import { createApiKey, revokeApiKey, rotateApiKey, type NewApiKey } from './api-key.ts'
import { builder } from '../builder.ts'

const NewApiKeyRef = builder.objectRef<NewApiKey>('NewApiKey').implement({
  description: 'A key with its secret, which is shown this once.',
  fields: (t) => ({
    apiKey: t.expose('apiKey', { type: ApiKeyRef, description: 'The key.' }),
    token: t.exposeString('token', {
      description: 'For the Authorization header, as `Bearer pk_…`. The house keeps no more than its hash.',
    }),
  }),
})

const CreateApiKeyInput = builder.inputType('CreateApiKeyInput', {
  description: 'The key to make.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'For whom or for what; one line of at most 80 characters.' }),
    kind: t.field({ type: ApiKeyKindEnum, required: true, description: 'For whom it is.' }),
    scopes: t.stringList({
      required: true,
      description: 'What it may do: some of `apiKeyScopes`, at least one.',
    }),
    networks: t.stringList({
      description: 'Where it may be used from, such as `203.0.113.0/24`; at most 50, from everywhere unless told.',
    }),
    expiresAt: t.field({ type: 'DateTime', description: 'A year from now unless told; two years at most.' }),
  }),
})

builder.mutationFields((t) => ({
  createApiKey: t.field({
    description: 'Makes a key. It can never do more than whoever made it can do on the day it is used.',
    type: NewApiKeyRef,
    errors: { types: [InvalidInput, NotAllowed] },
    args: { input: t.arg({ type: CreateApiKeyInput, required: true, description: 'The key.' }) },
    resolve: (_root, { input }, context) => createApiKey(context.platform, requirePerson(context, 'key:manage'), input),
  }),
  rotateApiKey: t.field({
    description:
      'Gives a key another secret. The caller answers for it from now on, so it also takes over the key of somebody who has left.',
    type: NewApiKeyRef,
    errors: { types: [NotFound, NotAllowed, InvalidInput] },
    args: {
      id: t.arg.id({ required: true, description: 'Of the key.' }),
      graceDays: t.arg.int({ description: 'How many days the secret until now holds too: 0 to 7, 1 unless told.' }),
    },
    resolve: (_root, { id, graceDays }, context) =>
      rotateApiKey(context.platform, requirePerson(context, 'key:manage'), { id, graceDays: graceDays ?? 1 }),
  }),
  revokeApiKey: t.field({
    description: 'Ends a key at once and for good; connections that it has open are closed within seconds.',
    type: ApiKeyRef,
    errors: { types: [NotFound, NotAllowed] },
    args: { id: t.arg.id({ required: true, description: 'Of the key.' }) },
    resolve: (_root, { id }, context) => revokeApiKey(context.platform, requirePerson(context, 'key:manage'), id),
  }),
}))
