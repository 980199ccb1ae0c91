import { NotAllowed } from '@passerelle/platform/schema'
import { takeWhatIsLeft, type Taken } from '@passerelle/platform/usage'
import { builder } from '../builder.ts'

const TakenRef = builder.objectRef<Taken>('TakenRequests').implement({
  description: 'How many requests an organisation was granted.',
  inaccessible: true,
  fields: (t) => ({
    granted: t.exposeInt('granted', { description: 'Of those that were wanted.' }),
    left: t.exposeFloat('left', { nullable: true, description: 'This month; null for no limit.' }),
    limit: t.exposeFloat('limit', { nullable: true, description: 'Of a month; null for none.' }),
    used: t.exposeFloat('used', { description: 'This month, with these.' }),
    resetsAt: t.expose('resetsAt', { type: 'DateTime', description: 'When counting begins anew.' }),
  }),
})

// The gateway has no tables: this is how it counts. No client can ask it.
builder.mutationField('takeRequests', (t) =>
  t.field({
    description: 'Counts requests of an organisation.',
    inaccessible: true,
    type: TakenRef,
    args: {
      organizationId: t.arg.id({ required: true, description: 'Whose requests.' }),
      wanted: t.arg.int({ required: true, description: 'Requests that wait to be let in.' }),
      done: t.arg.int({ required: true, description: 'Requests that were let in before, and are counted now.' }),
    },
    resolve: (_root, { organizationId, wanted, done }, { platform, viewer }) => {
      if (viewer) throw new NotAllowed()
      return platform.sql.withOrganization({ organizationId }, (tx) => takeWhatIsLeft(tx, 'requests', { wanted, done }))
    },
  }),
)
