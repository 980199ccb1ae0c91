import {
  connectionType,
  EngineUnavailable,
  InvalidInput,
  NotAllowed,
  NotFound,
  pageArgs,
  QuotaExceeded,
  requirePage,
  requirePerson,
  requireScope,
} from '@passerelle/platform/schema'
import { builder } from '../builder.ts'
import { addressesOf } from '../personal-data/personal-data.addresses.ts'
import { listClientAccounts, type ClientAccount, type ClientAccountState } from './client-account.store.ts'
import { inviteClient, removeClientAccount } from './client-account.ts'
import { revokeClientAccess, type EndedAccess } from './client-access.ts'
import { ClientRef } from './client.ref.ts'

const ClientAccountStateEnum = builder.enumType('ClientAccountState', {
  description: 'How far the account of a client is.',
  values: {
    INVITED: { description: 'A link to open it was sent, and nobody has used it.' },
    EXPIRED: { description: 'Nobody used that link within a week. Invited again, they get another.' },
    ACTIVE: { description: 'Somebody logs in with it.' },
  } satisfies Record<ClientAccountState, { description: string }>,
})

const ClientAccountRef = builder.objectRef<ClientAccount>('ClientAccount').implement({
  description:
    'An account with which a client of the organisation logs in, or the invitation to open one. Whoever has it is no member: they see what is theirs, and nothing else.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'For `removeClientAccount`.' }),
    client: t.field({
      description: 'Whose account it is; one client may have several.',
      type: ClientRef,
      resolve: ({ clientId }) => ({ id: clientId }),
    }),
    email: t.exposeString('email', { description: 'The address they log in with, or were invited at.' }),
    name: t.exposeString('name', {
      nullable: true,
      description: 'As they call themselves; null until they have opened it.',
    }),
    state: t.expose('state', { type: ClientAccountStateEnum, description: 'How far it is.' }),
    since: t.expose('since', { type: 'DateTime', description: 'When it was opened, or they were first invited.' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Until when the invitation is good; null for an account.',
    }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When one of its sessions was last renewed.',
    }),
  }),
})

const ClientAccountsConnection = connectionType(builder, 'ClientAccountsConnection', { node: ClientAccountRef })

builder.queryField('clientAccounts', (t) =>
  t.field({
    description: 'The accounts of a client and the open invitations to one, the newest first (`member:manage`).',
    type: ClientAccountsConnection,
    args: { clientId: t.arg.id({ required: true, description: 'Of the client.' }), ...pageArgs(t) },
    resolve: async (_root, { clientId, ...page }, context) => {
      const viewer = requireScope(context, 'member:manage')
      const addresses = await addressesOf(context.platform)
      const list = { clientId, page: requirePage(page) }
      return listClientAccounts({ database: context.platform.sql, viewer, addresses }, list)
    },
  }),
)

const InviteClientInput = builder.inputType('InviteClientInput', {
  description: 'Whom to invite to an account.',
  fields: (t) => ({
    clientId: t.id({ required: true, description: 'What of the organisation they will see: what is this client’s.' }),
    email: t.string({ required: true, description: 'The address to write to, with which they will log in.' }),
  }),
})

builder.mutationField('inviteClient', (t) =>
  t.field({
    description:
      'Writes to an address with a link to open an account of a client, good for a week and one use (`member:manage`, and what the client will see: `record:read`, `document:read`). Invited again, the earlier link ends. The messages count with those to members.',
    type: ClientAccountRef,
    errors: { types: [NotFound, NotAllowed, InvalidInput, QuotaExceeded, EngineUnavailable] },
    args: { input: t.arg({ type: InviteClientInput, required: true, description: 'Whom.' }) },
    resolve: (_root, { input }, context) =>
      inviteClient(context.platform, requirePerson(context, 'member:manage'), input),
  }),
)

const ClientAccountRemovedRef = builder
  .objectRef<{ id: string; sessionsEnded: number }>('ClientAccountRemoved')
  .implement({
    description: 'The account is closed, or the invitation taken back.',
    fields: (t) => ({
      id: t.exposeID('id', { description: 'Which.' }),
      sessionsEnded: t.exposeInt('sessionsEnded', { description: 'How many of its sessions were open.' }),
    }),
  })

builder.mutationField('removeClientAccount', (t) =>
  t.field({
    description:
      'Closes an account of a client at once, with its sessions, or takes back the invitation to one (`member:manage`). What they did stays. A member is taken out with `removeMember`.',
    type: ClientAccountRemovedRef,
    errors: { types: [NotFound, NotAllowed] },
    args: { id: t.arg.id({ required: true, description: 'The account, or the invitation.' }) },
    resolve: (_root, { id }, context) =>
      removeClientAccount(context.platform, requirePerson(context, 'member:manage'), id),
  }),
)

const ClientAccessRevokedRef = builder.objectRef<EndedAccess>('ClientAccessRevoked').implement({
  description: 'What was ended of the access of a client.',
  fields: (t) => ({
    clientId: t.exposeID('clientId', { description: 'Whose.' }),
    linksEnded: t.exposeInt('linksEnded', { description: 'How many links held until now.' }),
    accountsEnded: t.exposeInt('accountsEnded', { description: 'How many accounts were closed.' }),
    accountsLeft: t.exposeInt('accountsLeft', {
      description: 'How many stay, because closing them takes `member:manage`.',
    }),
  }),
})

builder.mutationField('revokeClientAccess', (t) =>
  t.field({
    description:
      'Ends all by which a client comes in, at once: every link (`record:write`), and, for who has `member:manage`, every account and invitation to one.',
    type: ClientAccessRevokedRef,
    errors: { types: [NotAllowed] },
    args: { clientId: t.arg.id({ required: true, description: 'The client.' }) },
    resolve: (_root, { clientId }, context) =>
      revokeClientAccess(context.platform, requirePerson(context, 'record:write'), clientId),
  }),
)
