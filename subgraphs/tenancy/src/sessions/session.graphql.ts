import { InvalidInput, NotAllowed, requirePerson, type Viewer } from '@passerelle/platform/schema'
import { builder } from '../builder.ts'
import { RoleEnum } from '../people/member.graphql.ts'
import { OrganizationRef, requireOrganization } from '../people/organization.graphql.ts'
import { findOrganization } from '../people/organization.store.ts'
import { InvalidCredentials, TooManyAttempts } from '../refusals.ts'
import { DeviceInputRef } from './device.graphql.ts'
import { logIn } from './log-in.ts'
import { refreshSession } from './renewal.ts'
import { logOut, type Session } from './session.ts'
import { signUp } from '../people/sign-up.ts'
import { UserRef } from '../people/user.graphql.ts'
import { readSignUp } from '../env.ts'

builder.objectType(InvalidCredentials, {
  name: 'InvalidCredentials',
  description: 'The address, password or token is not right; it never says which.',
  interfaces: ['Refusal'],
  tag: 'client',
})

builder.objectType(TooManyAttempts, {
  name: 'TooManyAttempts',
  description:
    'Too many attempts were made from there; it never says whether there is such an account. A device that has logged in with the address before is counted alone.',
  interfaces: ['Refusal'],
  tag: 'client',
  fields: (t) => ({
    resetsAt: t.expose('resetsAt', { type: 'DateTime', description: 'When the next attempt is taken.' }),
  }),
})

export const ViewerRef = builder.objectRef<Viewer>('Viewer').implement({
  description: 'Who asks, as this token says.',
  fields: (t) => ({
    user: t.field({
      tag: 'client',
      description: 'The account that asks; null for a program, and for a client who has come by a link.',
      type: UserRef,
      nullable: true,
      resolve: ({ userId }, _args, { users }) => (userId ? users.load(userId) : null),
    }),
    organization: t.field({
      tag: ['partner', 'client'],
      description: 'The organisation this token works in.',
      type: OrganizationRef,
      resolve: (viewer, _args, { platform }) =>
        requireOrganization(platform.sql.withOrganization(viewer, (tx) => findOrganization(tx, viewer.organizationId))),
    }),
    roles: t.field({
      description: 'What the person is there; none for a program, and for a client of the organisation.',
      type: [RoleEnum],
      resolve: ({ roles }) => [...roles],
    }),
    scopes: t.stringList({
      tag: ['partner', 'client'],
      description:
        'What the roles allow and the organisation has given beside them, such as `document:write`; of an API key, what it holds today; `own:read` and `own:write` for a client of the organisation.',
      resolve: ({ scopes }) => [...scopes],
    }),
  }),
})

export const SessionRef = builder.objectRef<Session>('Session').implement({
  description: 'A log-in.',
  tag: 'client',
  fields: (t) => ({
    accessToken: t.exposeString('accessToken', {
      description: 'For the Authorization header, as `Bearer …`; lives 15 minutes.',
    }),
    refreshToken: t.exposeString('refreshToken', {
      description: 'Good for one refreshSession within 30 days; using one twice ends the session.',
    }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: "The end of the access token's life." }),
    deviceToken: t.exposeString('deviceToken', {
      nullable: true,
      description:
        "Sent with the next log-in from this device, it keeps the device apart from strangers' guesses. It opens nothing. Null where that is no log-in.",
    }),
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
    tag: ['partner', 'client'],
    description: 'Who asks; null without a token.',
    type: ViewerRef,
    nullable: true,
    resolve: (_root, _args, { viewer }) => viewer,
  }),
)

builder.queryField('isSignUpOpen', (t) =>
  t.boolean({
    description:
      'Whether strangers may open an organisation here (`signUp`, `createOrganization`), or its operator alone does. Who is invited may always come.',
    resolve: () => readSignUp(),
  }),
)

builder.mutationField('signUp', (t) =>
  t.field({
    description:
      'Opens an organisation and makes the caller its owner. After thirty within a quarter of an hour from one network one is let through a minute, and else refused with TooManyAttempts.',
    type: SessionRef,
    errors: { types: [InvalidInput, NotAllowed, TooManyAttempts] },
    args: {
      email: t.arg.string({ required: true, description: 'To log in with; one account an address.' }),
      password: t.arg.string({ required: true, description: '12 to 200 characters and not easy to guess.' }),
      name: t.arg.string({ required: true, description: 'Of the person, at most 120 characters.' }),
      organizationName: t.arg.string({
        required: true,
        description: 'Of the organisation to open, at most 120 characters.',
      }),
      device: t.arg({ type: DeviceInputRef, description: 'Where the session is opened.' }),
    },
    resolve: (_root, args, { platform, caller }) => signUp(platform, args, caller),
  }),
)

builder.mutationField('logIn', (t) =>
  t.field({
    tag: 'client',
    description:
      'Opens a session of the person, in the organisation where they were last. After ten attempts within a quarter of an hour from one network an address is let through once a minute and else refused with TooManyAttempts. From a device and network that are new, the person is told by mail.',
    type: SessionRef,
    errors: { types: [InvalidCredentials, InvalidInput, TooManyAttempts] },
    args: {
      email: t.arg.string({ required: true, description: 'The address of the account, whatever its case.' }),
      password: t.arg.string({ required: true, description: 'Its password.' }),
      organizationId: t.arg.id({ description: 'Where, for somebody who belongs to several.' }),
      device: t.arg({ type: DeviceInputRef, description: 'Where the session is opened.' }),
    },
    resolve: (_root, args, { platform, caller }) => logIn(platform, args, caller),
  }),
)

builder.mutationField('refreshSession', (t) =>
  t.field({
    tag: 'client',
    description: 'New tokens for old: the refresh token is used up. One that was used before ends the whole session.',
    type: SessionRef,
    errors: { types: [InvalidCredentials] },
    args: {
      refreshToken: t.arg.string({
        required: true,
        description: 'The one that came with the session, or with its last renewal.',
      }),
      attempt: t.arg.string({
        description:
          'A secret of the client, at least 16 random characters, new for every refresh token: whoever lost the answer gets it again for it, within a minute and until the new refresh token is used.',
      }),
    },
    resolve: (_root, args, { platform }) => refreshSession(platform, args),
  }),
)

const LoggedOutRef = builder.objectRef<{ everywhere: boolean }>('LoggedOut').implement({
  description: 'The session has ended.',
  tag: 'client',
  fields: (t) => ({ everywhere: t.exposeBoolean('everywhere', { description: 'Whether all of them have.' }) }),
})

builder.mutationField('logOut', (t) =>
  t.field({
    tag: 'client',
    description: "Ends this session, or with `everywhere` all of the person's; their tokens are refused at once.",
    type: LoggedOutRef,
    errors: { types: [NotAllowed] },
    args: {
      everywhere: t.arg.boolean({ description: "True ends all of the person's sessions, in every organisation." }),
    },
    resolve: (_root, { everywhere }, context) => {
      if (!context.viewer) throw new NotAllowed('Nobody is logged in.')
      return logOut(context.platform, requirePerson(context), everywhere ?? false)
    },
  }),
)
