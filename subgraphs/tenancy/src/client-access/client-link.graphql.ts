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
import { UserRef } from '../people/user.graphql.ts'
import { LinkInvalid, TooManyAttempts } from '../refusals.ts'
import { ViewerRef } from '../sessions/session.graphql.ts'
import { listClientLinks, type ClientLink, type ClientLinkState } from './client-link.store.ts'
import { createClientLink, revokeClientLink, type MadeClientLink } from './client-link.ts'
import { openClientLink, type ClientSession } from './client-session.ts'
import { ClientRef } from './client.ref.ts'

const ClientLinkStateEnum = builder.enumType('ClientLinkState', {
  description: 'Whether a link of a client holds.',
  values: {
    ACTIVE: { description: 'It does.' },
    EXPIRED: { description: 'Its time is over.' },
    REVOKED: { description: 'Somebody has ended it.' },
  } satisfies Record<ClientLinkState, { description: string }>,
})

const ClientLinkRef = builder.objectRef<ClientLink>('ClientLink').implement({
  description:
    'A link by which a client of the organisation comes to their own page, without an account. Its address is shown once, when it is made.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'For `revokeClientLink`.' }),
    client: t.field({
      description: 'Whom it lets in.',
      type: ClientRef,
      resolve: ({ clientId }) => ({ id: clientId }),
    }),
    label: t.exposeString('label', { nullable: true, description: 'What staff know it by.' }),
    state: t.expose('state', { type: ClientLinkStateEnum, description: 'Whether it holds.' }),
    createdBy: t.field({
      description: 'Who made it; null for somebody who belongs to the organisation no more.',
      type: UserRef,
      nullable: true,
      resolve: ({ createdBy }, _args, { users }) => users.load(createdBy),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When it ends by itself.' }),
    revokedAt: t.expose('revokedAt', { type: 'DateTime', nullable: true, description: 'When somebody ended it.' }),
    uses: t.exposeInt('uses', {
      description: 'How often it was opened; an open page opens it again every quarter of an hour.',
    }),
    lastUsedAt: t.expose('lastUsedAt', { type: 'DateTime', nullable: true, description: 'When it was last opened.' }),
  }),
})

const ClientLinksConnection = connectionType(builder, 'ClientLinksConnection', { node: ClientLinkRef })

builder.queryField('clientLinks', (t) =>
  t.field({
    description: 'The links of a client, the newest first, also those that hold no more (`record:write`).',
    type: ClientLinksConnection,
    args: { clientId: t.arg.id({ required: true, description: 'Of the client.' }), ...pageArgs(t) },
    resolve: async (_root, { clientId, ...page }, context) => {
      const viewer = requireScope(context, 'record:write')
      const { sql: database, sealing } = context.platform
      const keys = await sealing.keysOf(viewer.organizationId)
      return listClientLinks({ database, viewer, keys }, { clientId, page: requirePage(page) })
    },
  }),
)

const MadeClientLinkRef = builder.objectRef<MadeClientLink>('MadeClientLink').implement({
  description: 'A link that has just been made.',
  fields: (t) => ({
    link: t.field({ type: ClientLinkRef, description: 'What is kept of it.', resolve: ({ link }) => link }),
    url: t.exposeString('url', {
      description: 'Its address, to be handed to the client: shown now and never again. Whoever has it comes in.',
    }),
    isMailed: t.exposeBoolean('isMailed', {
      description:
        "Whether it goes to the client's own address. False also where this installation has no mail server: the message is kept, and the address is yours to hand over.",
    }),
  }),
})

const CreateClientLinkInput = builder.inputType('CreateClientLinkInput', {
  description: 'A link to make.',
  fields: (t) => ({
    clientId: t.id({ required: true, description: 'Whom it lets in.' }),
    label: t.string({ description: 'What staff will know it by; one line of at most 80 characters.' }),
    expiresInDays: t.int({ description: 'For how many days it holds, 1 to 365; 30 unless told.' }),
    sendMail: t.boolean({ description: "Whether to send it to the client's own e-mail address; not unless told." }),
  }),
})

builder.mutationField('createClientLink', (t) =>
  t.field({
    description:
      'Makes a link by which a client comes to their own page, as often as they like until it ends (`record:write`, and what the client will see: `record:read`, `document:read`; a person, not a key). They see there what is theirs, and nothing else of the organisation. A client has 20 links that hold at most; 500 are sent in a day.',
    type: MadeClientLinkRef,
    errors: { types: [NotFound, NotAllowed, InvalidInput, QuotaExceeded, EngineUnavailable] },
    args: { input: t.arg({ type: CreateClientLinkInput, required: true, description: 'The link.' }) },
    resolve: (_root, { input }, context) =>
      createClientLink(context.platform, requirePerson(context, 'record:write'), input),
  }),
)

builder.mutationField('revokeClientLink', (t) =>
  t.field({
    description: 'Ends a link now and for good, with every page that is open by it (`record:write`).',
    type: ClientLinkRef,
    errors: { types: [NotFound, NotAllowed] },
    args: { id: t.arg.id({ required: true, description: 'The link.' }) },
    resolve: (_root, { id }, context) => revokeClientLink(context.platform, requirePerson(context, 'record:write'), id),
  }),
)

const ClientSessionRef = builder.objectRef<ClientSession>('ClientSession').implement({
  description: 'What a link opens.',
  tag: 'client',
  fields: (t) => ({
    accessToken: t.exposeString('accessToken', {
      description: 'For the Authorization header, as `Bearer …`; lives 15 minutes, and no longer than the link.',
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      description: "The end of the access token's life. The link opens another one.",
    }),
    // Read as the client who has just come in.
    viewer: t.field({
      description: 'Who comes in.',
      type: ViewerRef,
      resolve: ({ viewer }, _args, context) => {
        context.viewer = viewer
        return viewer
      },
    }),
  }),
})

builder.mutationField('openClientLink', (t) =>
  t.field({
    tag: 'client',
    description:
      'Comes in by a link, again and again until it ends. One that is unknown, over or revoked is LinkInvalid; it never says which. From one network 600 are opened in a quarter of an hour, and 30 wrong ones.',
    type: ClientSessionRef,
    errors: { types: [LinkInvalid, TooManyAttempts] },
    args: { token: t.arg.string({ required: true, description: 'What the address of the link has behind its `#`.' }) },
    resolve: (_root, { token }, { platform, caller }) => openClientLink(platform, token, caller),
  }),
)

builder.objectField(ViewerRef, 'client', (t) =>
  t.field({
    tag: 'client',
    description: 'The client of the organisation who asks; null for everybody else.',
    type: ClientRef,
    nullable: true,
    resolve: ({ clientId }) => (clientId === null ? null : { id: clientId }),
  }),
)
