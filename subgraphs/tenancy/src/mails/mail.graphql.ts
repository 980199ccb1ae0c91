import type { KeptMail, MailState } from '@passerelle/platform/mail'
import { connectionType, pageArgs, requirePage, requireScope } from '@passerelle/platform/schema'
import { builder } from '../builder.ts'
import { listMails } from './mail.ts'
import { OrganizationRef } from '../people/organization.graphql.ts'

const MailStateEnum = builder.enumType('MailState', {
  description: 'How a message has fared.',
  values: {
    KEPT: { description: 'No mail server is set up: the message stays here, to be read here.' },
    WAITING: { description: 'The mail server has not taken it yet; it is tried again for a day.' },
    SENT: { description: 'The mail server has taken it.' },
    REFUSED: { description: 'The mail server will not take it, or was away for a day. It is not tried again.' },
  } satisfies Record<MailState, { description: string }>,
})

const MailRef = builder.objectRef<KeptMail>('Mail').implement({
  description: 'A message that the house wrote to somebody of an organisation.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Also the first part of its Message-ID.' }),
    to: t.exposeString('to', { description: 'The one address it is for.' }),
    subject: t.exposeString('subject', { description: 'One line.' }),
    text: t.exposeString('text', {
      nullable: true,
      description:
        'What it says; only while it is `KEPT`. What a mail server takes is for its reader alone, and what is written to an owner for owners: it may hold a link to choose a password.',
    }),
    state: t.expose('state', { type: MailStateEnum, description: 'How it has fared.' }),
    failure: t.exposeString('failure', {
      nullable: true,
      description:
        'What the mail server last said, when that was not yes; null when it said nothing, as one that is away.',
    }),
    writtenAt: t.expose('writtenAt', { type: 'DateTime', description: 'When it was written.' }),
    settledAt: t.expose('settledAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the mail server took it, or it was given up.',
    }),
  }),
})

const MailsConnection = connectionType(builder, 'MailsConnection', { node: MailRef })

builder.objectField(OrganizationRef, 'mails', (t) =>
  t.field({
    description:
      'The messages that the house wrote to people of this organisation, newest first. For who manages its members.',
    type: MailsConnection,
    args: pageArgs(t),
    resolve: (_organization, args, context) => {
      const viewer = requireScope(context, 'member:manage')
      return listMails(context.platform, viewer, requirePage(args))
    },
  }),
)
