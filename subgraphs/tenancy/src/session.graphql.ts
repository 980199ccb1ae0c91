import { InvalidInput, NotAllowed, requireViewer, type Viewer } from '@passerelle/platform/schema'
import { builder } from './builder.ts'
import { RoleEnum } from './member.graphql.ts'
import { OrganizationRef, requireOrganization } from './organization.graphql.ts'
import { findOrganization } from './organization.store.ts'
import { InvalidCredentials, TooManyAttempts } from './refusals.ts'
import { logIn, logOut, refreshSession, type Session } from './session.ts'
import { signUp } from './sign-up.ts'
import { UserRef } from './user.graphql.ts'

builder.objectType(InvalidCredentials, {
  name: 'InvalidCredentials',
  description: 'The address, password or token is not right; it never says which.',
  interfaces: ['Refusal'],
})

builder.objectType(TooManyAttempts, {
  name: 'TooManyAttempts',
  description:
    'This address was tried too often, or the caller has tried too many; it never says whether there is such an account.',
  interfaces: ['Refusal'],
  fields: (t) => ({
    resetsAt: t.expose('resetsAt', { type: 'DateTime', description: 'When the next attempt is taken.' }),
  }),
})

const ViewerRef = builder.objectRef<Viewer>('Viewer').implement({
  description: 'Who asks, as this token says.',
  fields: (t) => ({
    user: t.field({
      description: 'Null when a service asks.',
      type: UserRef,
      nullable: true,
      resolve: ({ userId }, _args, { users }) => (userId ? users.load(userId) : null),
    }),
    organization: t.field({
      description: 'The organisation this token works in.',
      type: OrganizationRef,
      resolve: (viewer, _args, { platform }) =>
        requireOrganization(platform.sql.withOrganization(viewer, (tx) => findOrganization(tx, viewer.organizationId))),
    }),
    roles: t.field({
      description: 'What the person is there; none for a service.',
      type: [RoleEnum],
      resolve: ({ roles }) => [...roles],
    }),
    scopes: t.stringList({
      description: 'What the roles allow, such as `document:write`.',
      resolve: ({ scopes }) => [...scopes],
    }),
  }),
})

const SessionRef = builder.objectRef<Session>('Session').implement({
  description: 'A log-in.',
  fields: (t) => ({
    accessToken: t.exposeString('accessToken', {
      description: 'For the Authorization header, as `Bearer …`; lives 15 minutes.',
    }),
    refreshToken: t.exposeString('refreshToken', {
      description: 'Good for one refreshSession within 30 days; using one twice ends the session.',
    }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: "The end of the access token's life." }),
    // The answer of a log-in is read as the person who has just logged in.
    viewer: t.field({
      description: 'Who has just logged in.',
      type: ViewerRef,
      resolve: ({ viewer }, _args, context) => {
        context.viewer = viewer
        return viewer
      },
    }),
  }),
})

builder.queryField('viewer', (t) =>
  t.field({
    description: 'Who asks; null without a token.',
    type: ViewerRef,
    nullable: true,
    resolve: (_root, _args, { viewer }) => viewer,
  }),
)

builder.mutationField('signUp', (t) =>
  t.field({
    description: 'Opens an organisation and makes the caller its owner.',
    type: SessionRef,
    errors: { types: [InvalidInput] },
    args: {
      email: t.arg.string({ required: true, description: 'To log in with; one account an address.' }),
      password: t.arg.string({ required: true, description: '10 to 200 characters.' }),
      name: t.arg.string({ required: true, description: 'Of the person, at most 120 characters.' }),
      organizationName: t.arg.string({
        required: true,
        description: 'Of the organisation to open, at most 120 characters.',
      }),
    },
    resolve: (_root, args, { platform }) => signUp(platform, args),
  }),
)

builder.mutationField('logIn', (t) =>
  t.field({
    description:
      'Opens a session of the person, in the organisation they joined first. After ten attempts within a quarter of an hour an address is refused with TooManyAttempts.',
    type: SessionRef,
    errors: { types: [InvalidCredentials, InvalidInput, TooManyAttempts] },
    args: {
      email: t.arg.string({ required: true, description: 'The address of the account, whatever its case.' }),
      password: t.arg.string({ required: true, description: 'Its password.' }),
    },
    resolve: (_root, args, { platform }) => logIn(platform, args),
  }),
)

builder.mutationField('refreshSession', (t) =>
  t.field({
    description: 'New tokens for old: the refresh token is used up. One that was used before ends the whole session.',
    type: SessionRef,
    errors: { types: [InvalidCredentials] },
    args: {
      refreshToken: t.arg.string({
        required: true,
        description: 'The one that came with the session, or with its last renewal.',
      }),
    },
    resolve: (_root, { refreshToken }, { platform }) => refreshSession(platform, refreshToken),
  }),
)

const LoggedOutRef = builder.objectRef<{ everywhere: boolean }>('LoggedOut').implement({
  description: 'The session has ended.',
  fields: (t) => ({ everywhere: t.exposeBoolean('everywhere', { description: 'Whether all of them have.' }) }),
})

builder.mutationField('logOut', (t) =>
  t.field({
    description: "Ends this session, or with `everywhere` all of the person's; their tokens are refused at once.",
    type: LoggedOutRef,
    errors: { types: [NotAllowed] },
    args: {
      everywhere: t.arg.boolean({ description: "True ends all of the person's sessions in this organisation." }),
    },
    resolve: (_root, { everywhere }, context) => {
      if (!context.viewer) throw new NotAllowed('Nobody is logged in.')
      return logOut(context.platform, requireViewer(context), everywhere ?? false)
    },
  }),
)
