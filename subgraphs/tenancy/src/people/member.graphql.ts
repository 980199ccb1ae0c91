import {
  effectiveScopes,
  InvalidInput,
  NotAllowed,
  NotFound,
  requirePerson,
  type Role,
} from '@passerelle/platform/schema'
import { builder } from '../builder.ts'
import { removeMember } from './member-removal.ts'
import { changeMemberRoles, changeMemberScopes } from './member.ts'
import type { Member } from './member.store.ts'
import { UserRef } from './user.graphql.ts'

export const RoleEnum = builder.enumType('Role', {
  description: 'What a member is in an organisation. What each role may do is in the scopes of `Viewer`.',
  values: {
    OWNER: { description: 'Everything, and makes and unmakes owners.' },
    ADMIN: { description: 'Everything but owners.' },
    MANAGER: { description: 'Reads and writes documents and records, and asks.' },
    OPERATOR: { description: 'Reads and writes documents and records, and asks.' },
    DRIVER: {
      description: 'Reads and writes documents and records; sees neither the knowledge graph nor the other members.',
    },
    ANALYST: { description: 'Reads everything and asks; writes nothing.' },
    PARTNER: { description: 'Somebody of another company: reads records, nothing else.' },
    VIEWER: { description: 'Reads documents, records, the knowledge graph and who the members are.' },
  } satisfies Record<Role, { description: string }>,
})

export const MemberRef = builder.objectRef<Member>('Member').implement({
  description: "A person's place in an organisation.",
  fields: (t) => ({
    id: t.id({
      description: 'Of this place; the person has an id of their own.',
      resolve: (member) => `${member.organizationId}.${member.userId}`,
    }),
    user: t.field({
      description: 'The person.',
      type: UserRef,
      resolve: async (member, _args, { users }) => requireUser(await users.load(member.userId)),
    }),
    roles: t.expose('roles', { type: [RoleEnum], description: 'At least one.' }),
    scopes: t.stringList({ description: 'All that the member may do.', resolve: (member) => effectiveScopes(member) }),
    grantedScopes: t.stringList({
      description: 'Single scopes that the organisation gave beside the roles.',
      resolve: ({ granted }) => granted,
    }),
    withheldScopes: t.stringList({
      description: 'Scopes of the roles that the organisation keeps from this member.',
      resolve: ({ withheld }) => withheld,
    }),
    joinedAt: t.expose('joinedAt', { type: 'DateTime', description: 'Since when.' }),
  }),
})

const ChangeMemberRolesInput = builder.inputType('ChangeMemberRolesInput', {
  description: 'Who, and what they are to be.',
  fields: (t) => ({
    userId: t.id({ required: true, description: 'The member: the id of the person.' }),
    roles: t.field({ type: [RoleEnum], required: true, description: 'All the roles from now on; at least one.' }),
  }),
})

builder.mutationField('changeMemberRoles', (t) =>
  t.field({
    description:
      'Gives a member other roles. Nobody gives a right that they do not hold, or changes somebody who holds more; only an owner makes or unmakes owners; the last owner stays one. It holds at once: access tokens with other rights are refused and have to be renewed.',
    type: MemberRef,
    errors: { types: [NotFound, NotAllowed, InvalidInput] },
    args: { input: t.arg({ type: ChangeMemberRolesInput, required: true, description: 'The change.' }) },
    resolve: (_root, { input }, context) =>
      changeMemberRoles(context.platform, requirePerson(context, 'member:manage'), input),
  }),
)

const ChangeMemberScopesInput = builder.inputType('ChangeMemberScopesInput', {
  description: 'Who, and what they may do beside, or in spite of, their roles.',
  fields: (t) => ({
    userId: t.id({ required: true, description: 'The member: the id of the person.' }),
    granted: t.stringList({ required: true, description: 'All the scopes given beside the roles from now on.' }),
    withheld: t.stringList({ required: true, description: 'All the scopes of the roles kept back from now on.' }),
  }),
})

builder.mutationField('changeMemberScopes', (t) =>
  t.field({
    description:
      'Gives a member single scopes beside those of the roles, or keeps some of those back. Nobody gives a right that they do not hold; nothing is kept from an owner. It holds at once.',
    type: MemberRef,
    errors: { types: [NotFound, NotAllowed, InvalidInput] },
    args: { input: t.arg({ type: ChangeMemberScopesInput, required: true, description: 'The change.' }) },
    resolve: (_root, { input }, context) =>
      changeMemberScopes(context.platform, requirePerson(context, 'member:manage'), input),
  }),
)

const MemberRemovedRef = builder.objectRef<{ userId: string; sessionsEnded: number }>('MemberRemoved').implement({
  description: 'The person belongs to the organisation no more.',
  fields: (t) => ({
    userId: t.exposeID('userId', { description: 'Who.' }),
    sessionsEnded: t.exposeInt('sessionsEnded', { description: 'How many of their sessions there were open.' }),
  }),
})

builder.mutationField('removeMember', (t) =>
  t.field({
    description:
      'Takes a person out of the organisation. Their sessions in it end at once; what they did stays. The last owner stays, and nobody takes out somebody who may do more.',
    type: MemberRemovedRef,
    errors: { types: [NotFound, NotAllowed, InvalidInput] },
    args: { userId: t.arg.id({ required: true, description: 'The member: the id of the person.' }) },
    resolve: (_root, { userId }, context) =>
      removeMember(context.platform, requirePerson(context, 'member:manage'), userId),
  }),
)

function requireUser<User>(user: User | null): User {
  if (!user) throw new NotFound()
  return user
}
