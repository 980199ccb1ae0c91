import { InvalidInput, NotAllowed, requireViewer } from '@passerelle/platform/schema'
import { builder } from '../builder.ts'
import { changePassword } from './password-change.ts'
import { requestPasswordReset, resetPassword } from './password-reset.ts'
import { InvalidCredentials, LinkInvalid, TooManyAttempts } from '../refusals.ts'

builder.objectType(LinkInvalid, {
  name: 'LinkInvalid',
  description: 'The link is unknown, used, taken back, replaced by a later one or too old; it never says which.',
  interfaces: ['Refusal'],
  tag: 'client',
})

const PasswordResetRequestedRef = builder
  .objectRef<{ minutes: number; mailStays: boolean }>('PasswordResetRequested')
  .implement({
    description: 'The request was taken. It never says whether there is an account under the address.',
    fields: (t) => ({
      minutes: t.exposeInt('minutes', { description: 'How long a link is good for, in minutes.' }),
      mailStays: t.exposeBoolean('mailStays', {
        description:
          'True when this installation has no mail server: the message is kept, and an owner of the organisation reads it in the settings.',
      }),
    }),
  })

const PasswordChangedRef = builder.objectRef<{ sessionsEnded: number }>('PasswordChanged').implement({
  tag: 'client',
  description: 'The new password is the one from now on.',
  fields: (t) => ({
    sessionsEnded: t.exposeInt('sessionsEnded', {
      description: 'How many open sessions were ended by it, in all organisations of the person.',
    }),
  }),
})

builder.mutationField('requestPasswordReset', (t) =>
  t.field({
    description:
      'Sends a link to choose a new password to the address, if it is that of an account; the answer is the same if it is not. A later link ends the earlier one. After three requests within a quarter of an hour an address is refused with TooManyAttempts, and so is who asks for thirty.',
    type: PasswordResetRequestedRef,
    errors: { types: [InvalidInput, TooManyAttempts] },
    args: { email: t.arg.string({ required: true, description: 'The address of the account, whatever its case.' }) },
    resolve: (_root, args, { platform, caller }) => requestPasswordReset(platform, args, caller),
  }),
)

builder.mutationField('resetPassword', (t) =>
  t.field({
    description:
      'Gives the account of a link a new password and ends all its sessions everywhere. It opens no session: log in with the new password.',
    type: PasswordChangedRef,
    errors: { types: [InvalidInput, LinkInvalid] },
    args: {
      token: t.arg.string({ required: true, description: 'What the link that was sent ends with; good for one use.' }),
      password: t.arg.string({
        required: true,
        description: 'The new password, 12 to 200 characters and not easy to guess.',
      }),
    },
    resolve: (_root, args, { platform, caller }) => resetPassword(platform, args, caller),
  }),
)

builder.mutationField('changePassword', (t) =>
  t.field({
    tag: 'client',
    description:
      "Changes the caller's own password and ends their other sessions everywhere. After ten tries within a quarter of an hour it is refused with TooManyAttempts.",
    type: PasswordChangedRef,
    errors: { types: [InvalidCredentials, InvalidInput, NotAllowed, TooManyAttempts] },
    args: {
      currentPassword: t.arg.string({ required: true, description: 'The password until now.' }),
      newPassword: t.arg.string({
        required: true,
        description: 'The one from now on, 12 to 200 characters and not easy to guess.',
      }),
    },
    resolve: (_root, args, context) => {
      if (!context.viewer) throw new NotAllowed('Nobody is logged in.')
      return changePassword(context.platform, requireViewer(context), args)
    },
  }),
)
