import { apiKeyStart } from '@passerelle/platform/identity/api-keys'
import { connectionType, pageArgs, requirePage, requireScope, type KeyKind } from '@passerelle/platform/schema'
import { findHolder, type Holder } from './api-key.holder.ts'
import { findApiKey, listApiKeys, type ApiKey, type ApiKeyState } from './api-key.store.ts'
import { grantableScopes } from './api-key.ts'
import { builder } from '../builder.ts'
import { ViewerRef } from '../sessions/session.graphql.ts'
import { UserRef } from '../people/user.graphql.ts'

export const ApiKeyKindEnum = builder.enumType('ApiKeyKind', {
  description: 'For whom a key is.',
  values: {
    INTERNAL: { description: "For the organisation's own programs: sees the whole API." },
    PARTNER: { description: 'For another company: sees the partner contract, and nothing else is there.' },
  } satisfies Record<KeyKind, { description: string }>,
})

const ApiKeyStateEnum = builder.enumType('ApiKeyState', {
  description: 'Whether a key holds.',
  values: {
    ACTIVE: { description: 'It does.' },
    WITHOUT_MAKER: {
      description: 'It does not: whoever answered for it is no member any more. Rotating it makes somebody else do so.',
    },
    EXPIRED: { description: 'Its time is over.' },
    REVOKED: { description: 'Somebody has ended it.' },
  } satisfies Record<ApiKeyState, { description: string }>,
})

export const ApiKeyRef = builder.objectRef<ApiKey>('ApiKey').implement({
  description: 'What a program or a partner asks with. Its secret is shown once, when it is made or rotated.',
  interfaces: ['Node'],
  fields: (t) => ({
    name: t.exposeString('name', { tag: 'partner', description: 'As its maker called it.' }),
    start: t.string({
      tag: 'partner',
      description: 'How its secrets begin: enough to recognise one, and no part of what is secret.',
      resolve: ({ id }) => `${apiKeyStart(id)}_`,
    }),
    kind: t.expose('kind', { type: ApiKeyKindEnum, description: 'For whom it is.' }),
    scopes: t.exposeStringList('scopes', {
      tag: 'partner',
      description: 'What it was given, such as `document:read`.',
    }),
    heldScopes: t.exposeStringList('heldScopes', {
      tag: 'partner',
      description: 'What it has of that today: never more than whoever answers for it.',
    }),
    networks: t.exposeStringList('networks', {
      tag: 'partner',
      description: 'Where it may be used from, in CIDR; from everywhere when there are none.',
    }),
    state: t.expose('state', { type: ApiKeyStateEnum, description: 'Whether it holds.' }),
    maker: t.field({
      description: 'Who made or last rotated it, and answers for it; null for who may not see the members.',
      type: UserRef,
      nullable: true,
      resolve: ({ makerId }, _args, { users }) => users.load(makerId),
    }),
    createdAt: t.expose('createdAt', { tag: 'partner', type: 'DateTime', description: 'When it was made.' }),
    expiresAt: t.expose('expiresAt', { tag: 'partner', type: 'DateTime', description: 'When it ends by itself.' }),
    rotatedAt: t.expose('rotatedAt', {
      tag: 'partner',
      type: 'DateTime',
      nullable: true,
      description: 'When it last got another secret.',
    }),
    previousValidUntil: t.expose('previousValidUntil', {
      tag: 'partner',
      type: 'DateTime',
      nullable: true,
      description: 'Until when the secret before that one holds too; null when it does not.',
    }),
    revokedAt: t.expose('revokedAt', { type: 'DateTime', nullable: true, description: 'When somebody ended it.' }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was last used, to the minute.',
    }),
    lastUsedNetwork: t.exposeString('lastUsedNetwork', {
      nullable: true,
      description: 'The network that it was then used from.',
    }),
  }),
})

builder.asEntity(ApiKeyRef, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: ({ id }, { platform, viewer }) =>
    viewer && (viewer.keyId === id || viewer.scopes.includes('key:manage'))
      ? platform.sql.withOrganization(viewer, (tx) => findApiKey(tx, id))
      : null,
})

const ApiKeysConnection = connectionType(builder, 'ApiKeysConnection', { node: ApiKeyRef })

builder.objectField(ViewerRef, 'key', (t) =>
  t.field({
    tag: 'partner',
    description: 'The key that asks; null when a person does.',
    type: ApiKeyRef,
    nullable: true,
    resolve: (viewer, _args, { platform }) => {
      const { keyId } = viewer
      return keyId ? platform.sql.withOrganization(viewer, (tx) => findApiKey(tx, keyId)) : null
    },
  }),
)

builder.queryFields((t) => ({
  apiKeys: t.field({
    description: 'The keys of the organisation, the newest first.',
    type: ApiKeysConnection,
    args: { ...pageArgs(t), states: t.arg({ type: [ApiKeyStateEnum], description: 'Only those that stand so.' }) },
    resolve: (_root, { states, ...page }, context) =>
      listApiKeys(context.platform.sql, requireScope(context, 'key:manage'), {
        page: requirePage(page),
        states: states ?? null,
      }),
  }),
  apiKey: t.field({
    description: 'One key of the organisation.',
    type: ApiKeyRef,
    nullable: true,
    args: { id: t.arg.id({ required: true, description: 'Of the key.' }) },
    resolve: (_root, { id }, context) =>
      context.platform.sql.withOrganization(requireScope(context, 'key:manage'), (tx) => findApiKey(tx, id)),
  }),
  apiKeyScopes: t.stringList({
    description: 'What the caller can give a key of this kind.',
    args: { kind: t.arg({ type: ApiKeyKindEnum, required: true, description: 'For whom the key is to be.' }) },
    resolve: (_root, { kind }, context) => grantableScopes(requireScope(context, 'key:manage'), kind),
  }),
}))

const HolderRef = builder.objectRef<Holder>('ApiKeyHolder').implement({
  description: 'Who asks with a key.',
  inaccessible: true,
  fields: (t) => ({
    organizationId: t.exposeString('organizationId', { description: 'Whose key it is.' }),
    kind: t.expose('kind', { type: ApiKeyKindEnum, description: 'For whom.' }),
    scopes: t.exposeStringList('scopes', { description: 'What it may do today.' }),
    networks: t.exposeStringList('networks', { description: 'Where it may be used from.' }),
    validUntil: t.expose('validUntil', { type: 'DateTime', description: 'When the secret ends.' }),
  }),
})

// The gateway has no tables: this is how it learns whom a key speaks for. No client can ask it.
builder.queryField('apiKeyHolder', (t) =>
  t.field({
    description: 'Who holds a key, by its id and the hash of its secret.',
    inaccessible: true,
    type: HolderRef,
    nullable: true,
    args: {
      id: t.arg.id({ required: true, description: 'Of the key.' }),
      hash: t.arg.string({ required: true, description: 'The keyed hash of what was shown.' }),
    },
    resolve: (_root, { id, hash }, { platform, viewer, caller }) =>
      viewer ? null : findHolder(platform, { id, hash, caller }),
  }),
)
