import {
  InvalidInput,
  NotAllowed,
  NotFound,
  QuotaExceeded,
  requirePerson,
  type Viewer,
} from '@passerelle/platform/schema'
import { builder, type TenancyContext } from '../builder.ts'
import { RoleEnum } from './member.graphql.ts'
import { OrganizationRef } from './organization.graphql.ts'
import { createOrganization, leaveOrganization, renameOrganization, switchOrganization } from './organization.ts'
import { listOwnPlaces, type Place } from './organization.store.ts'
import { InvalidCredentials } from '../refusals.ts'
import { SessionRef, ViewerRef } from '../sessions/session.graphql.ts'

const PlaceRef = builder.objectRef<Place>('Place').implement({
  description: 'An organisation that a person belongs to, as they see it themselves.',
  fields: (t) => ({
    organizationId: t.exposeID('organizationId', { tag: 'client', description: 'For `switchOrganization`.' }),
    name: t.exposeString('name', { tag: 'client', description: 'As the organisation calls itself.' }),
    roles: t.expose('roles', {
      type: [RoleEnum],
      description: 'What the person is there; none where they are a client.',
    }),
    joinedAt: t.expose('joinedAt', { type: 'DateTime', description: 'Since when.' }),
    isCurrent: t.boolean({
      tag: 'client',
      description: 'Whether this token works there.',
      resolve: ({ organizationId }, _args, { viewer }) => organizationId === viewer?.organizationId,
    }),
  }),
})

builder.objectField(ViewerRef, 'places', (t) =>
  t.field({
    tag: 'client',
    description: 'The organisations that the person belongs to, by name; none for a program.',
    type: [PlaceRef],
    resolve: ({ userId, organizationId }, _args, { platform }) =>
      userId === null ? [] : platform.sql.withOrganization({ organizationId, userId }, listOwnPlaces),
  }),
)

builder.mutationField('switchOrganization', (t) =>
  t.field({
    tag: 'client',
    description:
      "Goes on in another of the caller's organisations: this session ends and one begins there. A token is good for one organisation, never for two.",
    type: SessionRef,
    errors: { types: [NotAllowed, NotFound, InvalidCredentials] },
    args: { organizationId: t.arg.id({ required: true, description: 'Where to go on.' }) },
    resolve: (_root, { organizationId }, context) =>
      switchOrganization(context.platform, requireSomebody(context), organizationId),
  }),
)

builder.mutationField('createOrganization', (t) =>
  t.field({
    description:
      'Opens another organisation, which the caller owns, and goes on there: this session ends and one begins there. Ten in a day at most.',
    type: SessionRef,
    errors: { types: [NotAllowed, InvalidInput, QuotaExceeded, InvalidCredentials] },
    args: { name: t.arg.string({ required: true, description: 'At most 120 characters.' }) },
    resolve: (_root, args, context) => createOrganization(context.platform, requireSomebody(context), args),
  }),
)

builder.mutationField('leaveOrganization', (t) =>
  t.field({
    description:
      'Leaves the organisation of this session and goes on in another. The last owner stays, and so does somebody who has no other place.',
    type: SessionRef,
    errors: { types: [NotAllowed, InvalidInput] },
    resolve: (_root, _args, context) => leaveOrganization(context.platform, requireSomebody(context)),
  }),
)

builder.mutationField('renameOrganization', (t) =>
  t.field({
    description: 'Gives the organisation another name (`organization:manage`).',
    type: OrganizationRef,
    errors: { types: [NotAllowed, NotFound, InvalidInput] },
    args: { name: t.arg.string({ required: true, description: 'At most 120 characters.' }) },
    resolve: (_root, args, context) =>
      renameOrganization(context.platform, requirePerson(context, 'organization:manage'), args),
  }),
)

/** The person who asks; nobody is refused as a key is, in the answer's union. */
function requireSomebody(context: TenancyContext): Viewer & { userId: string } {
  if (!context.viewer) throw new NotAllowed('Nobody is logged in.')
  return requirePerson(context)
}
