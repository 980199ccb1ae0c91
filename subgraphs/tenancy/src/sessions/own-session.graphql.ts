import { NotAllowed, NotFound, requirePerson } from '@passerelle/platform/schema'
import { builder } from '../builder.ts'
import { endOtherSessions, endSession } from './own-session.ts'
import { listOwnSessions, type OwnSession } from './session.store.ts'
import { ViewerRef } from './session.graphql.ts'

const OpenSessionRef = builder.objectRef<OwnSession>('OpenSession').implement({
  description: 'A session of a person that is still open, as they see it themselves.',
  tag: 'client',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'For `endSession`.' }),
    organizationName: t.exposeString('organizationName', { description: 'The organisation it is in.' }),
    device: t.exposeString('device', { nullable: true, description: 'As the client called it; null when it did not.' }),
    network: t.exposeString('network', {
      nullable: true,
      description: 'The network that it was opened from, not the address: `203.0.113.0/24`.',
    }),
    startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When it was opened.' }),
    lastUsedAt: t.expose('lastUsedAt', { type: 'DateTime', description: 'When its tokens were last renewed.' }),
    isCurrent: t.boolean({
      description: 'Whether this request is of it.',
      resolve: ({ id }, _args, { viewer }) => id === viewer?.sessionId,
    }),
  }),
})

builder.objectField(ViewerRef, 'sessions', (t) =>
  t.field({
    tag: 'client',
    description: "The person's own open sessions, in every organisation, the one used last first; none for a program.",
    type: [OpenSessionRef],
    resolve: ({ userId, organizationId }, _args, { platform }) =>
      userId === null ? [] : platform.sql.withOrganization({ organizationId, userId }, listOwnSessions),
  }),
)

const SessionsEndedRef = builder.objectRef<{ count: number }>('SessionsEnded').implement({
  tag: 'client',
  description: 'Sessions have ended; their tokens are refused and their connections closed.',
  fields: (t) => ({ count: t.exposeInt('count', { description: 'How many.' }) }),
})

builder.mutationField('endSession', (t) =>
  t.field({
    tag: 'client',
    description: "Ends one of the caller's own sessions, in whichever organisation.",
    type: SessionsEndedRef,
    errors: { types: [NotAllowed, NotFound] },
    args: { id: t.arg.id({ required: true, description: 'The session.' }) },
    resolve: (_root, { id }, context) => {
      if (!context.viewer) throw new NotAllowed('Nobody is logged in.')
      return endSession(context.platform, requirePerson(context), id)
    },
  }),
)

builder.mutationField('endOtherSessions', (t) =>
  t.field({
    tag: 'client',
    description: "Ends all of the caller's own sessions but this one, in every organisation.",
    type: SessionsEndedRef,
    errors: { types: [NotAllowed] },
    resolve: (_root, _args, context) => {
      if (!context.viewer) throw new NotAllowed('Nobody is logged in.')
      return endOtherSessions(context.platform, requirePerson(context))
    },
  }),
)
