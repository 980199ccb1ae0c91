import {
  connectionType,
  InvalidInput,
  NotAllowed,
  NotFound,
  pageArgs,
  QuotaExceeded,
  requirePage,
  requirePerson,
  requireScope,
} from '@passerelle/platform/schema'
import { acceptInvitation, readInvitation } from './acceptance.ts'
import { builder } from '../builder.ts'
import { addressesOf } from '../personal-data/personal-data.addresses.ts'
import { DeviceInputRef } from '../sessions/device.graphql.ts'
import { inviteMember, resendInvitation, revokeInvitation } from './invitation.ts'
import { listInvitations, type FoundInvitation, type Invitation, type InvitationState } from './invitation.store.ts'
import { RoleEnum } from './member.graphql.ts'
import { OrganizationRef } from './organization.graphql.ts'
import { InvalidCredentials, LinkInvalid, TooManyAttempts } from '../refusals.ts'
import { SessionRef } from '../sessions/session.graphql.ts'
import { UserRef } from './user.graphql.ts'

const InvitationStateEnum = builder.enumType('InvitationState', {
  description: 'How an invitation has fared.',
  values: {
    PENDING: { description: 'The link is good, and nobody has used it.' },
    ACCEPTED: { description: 'Somebody has joined by it.' },
    REVOKED: { description: 'It was taken back.' },
    EXPIRED: { description: 'Nobody used it within a week. Sent again, it is good for another.' },
  } satisfies Record<InvitationState, { description: string }>,
})

const InvitationRef = builder.objectRef<Invitation>('Invitation').implement({
  description: 'A message with a link by which its reader joins the organisation.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'For resendInvitation and revokeInvitation.' }),
    email: t.exposeString('email', { description: 'The address it was sent to.' }),
    roles: t.expose('roles', { type: [RoleEnum], description: 'What the person will be.' }),
    state: t.expose('state', { type: InvitationStateEnum, description: 'How it has fared.' }),
    invitedBy: t.field({
      description: 'Who sent it; null for somebody who belongs to the organisation no more.',
      type: UserRef,
      nullable: true,
      resolve: ({ invitedBy }, _args, { users }) => users.load(invitedBy),
    }),
    sentAt: t.expose('sentAt', { type: 'DateTime', description: 'When it was sent last.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'Until when its link is good.' }),
  }),
})

const InvitationsConnection = connectionType(builder, 'InvitationsConnection', { node: InvitationRef })

builder.objectField(OrganizationRef, 'invitations', (t) =>
  t.field({
    description: 'The invitations of this organisation, newest first (`member:manage`).',
    type: InvitationsConnection,
    args: pageArgs(t),
    resolve: async (_organization, args, context) => {
      const viewer = requireScope(context, 'member:manage')
      const addresses = await addressesOf(context.platform)
      return listInvitations({ database: context.platform.sql, viewer, addresses }, requirePage(args))
    },
  }),
)

const InvitationOfferRef = builder.objectRef<FoundInvitation>('InvitationOffer').implement({
  description: 'What a link offers to whoever holds it.',
  fields: (t) => ({
    organizationName: t.exposeString('organizationName', { description: 'The organisation to join.' }),
    email: t.exposeString('email', {
      description: 'The address it was sent to, which becomes or is that of the account.',
    }),
    roles: t.expose('roles', {
      type: [RoleEnum],
      description: 'What the person will be; none for the account of a client.',
    }),
    isForClient: t.boolean({
      description: 'True when it offers an account to a client of the organisation, who sees what is theirs alone.',
      resolve: ({ clientId }) => clientId !== null,
    }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'Until when the link is good.' }),
    hasAccount: t.boolean({
      description: 'True when the account of the address is there already: its password is asked for, and no name.',
      resolve: ({ account }) => account?.hasPlace ?? false,
    }),
  }),
})

builder.queryField('invitation', (t) =>
  t.field({
    description: 'What a link offers, for whoever holds it; null when it is unknown, used, taken back or too old.',
    type: InvitationOfferRef,
    nullable: true,
    args: { token: t.arg.string({ required: true, description: 'What the link that was sent ends with.' }) },
    resolve: (_root, { token }, { platform }) => readInvitation(platform, token),
  }),
)

builder.mutationField('inviteMember', (t) =>
  t.field({
    description:
      'Writes to an address with a link to join, good for a week and one use (`member:manage`). The answer is the same whether the address has an account. An earlier link to it ends. Nobody gives a role of which they do not hold every right; 50 messages a day at most.',
    type: InvitationRef,
    errors: { types: [InvalidInput, NotAllowed, QuotaExceeded] },
    args: {
      email: t.arg.string({ required: true, description: 'Whom to invite.' }),
      roles: t.arg({ type: [RoleEnum], required: true, description: 'What the person will be; at least one.' }),
    },
    resolve: (_root, args, context) => inviteMember(context.platform, requirePerson(context, 'member:manage'), args),
  }),
)

builder.mutationField('resendInvitation', (t) =>
  t.field({
    description: 'Sends an invitation again with another link, good for a week from now; the earlier link ends.',
    type: InvitationRef,
    errors: { types: [NotFound, NotAllowed, QuotaExceeded] },
    args: { id: t.arg.id({ required: true, description: 'The invitation.' }) },
    resolve: (_root, { id }, context) =>
      resendInvitation(context.platform, requirePerson(context, 'member:manage'), id),
  }),
)

builder.mutationField('revokeInvitation', (t) =>
  t.field({
    description: 'Takes an invitation back that nobody has used: its link is good no more.',
    type: InvitationRef,
    errors: { types: [NotFound, NotAllowed] },
    args: { id: t.arg.id({ required: true, description: 'The invitation.' }) },
    resolve: (_root, { id }, context) =>
      revokeInvitation(context.platform, requirePerson(context, 'member:manage'), id),
  }),
)

builder.mutationField('acceptInvitation', (t) =>
  t.field({
    description:
      'Joins the organisation of a link and logs in there. Somebody with an account gives its password, or asks with its token; somebody new chooses a name and a password.',
    type: SessionRef,
    errors: { types: [InvalidInput, InvalidCredentials, LinkInvalid, TooManyAttempts] },
    args: {
      token: t.arg.string({ required: true, description: 'What the link that was sent ends with; good for one use.' }),
      password: t.arg.string({
        description: 'Of the account that is there; or a new one, 12 to 200 characters and not easy to guess.',
      }),
      name: t.arg.string({ description: 'Of the person, at most 120 characters, where there is no account yet.' }),
      device: t.arg({ type: DeviceInputRef, description: 'Where the session is opened.' }),
    },
    resolve: (_root, args, { platform, viewer, caller }) => acceptInvitation(platform, args, { viewer, caller }),
  }),
)
