import { InvalidInput, NotAllowed, NotFound, requireScope, type Role } from '@passerelle/platform/schema'
import { builder } from './builder.ts'
import { changeMemberRoles } from './member.ts'
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
      'Gives a member other roles. Only an owner makes or unmakes owners; the last owner stays one. Open sessions keep theirs until their access token is renewed, within 15 minutes.',
    type: MemberRef,
    errors: { types: [NotFound, NotAllowed, InvalidInput] },
    args: { input: t.arg({ type: ChangeMemberRolesInput, required: true, description: 'The change.' }) },
    resolve: (_root, { input }, context) =>
      changeMemberRoles(context.platform.sql, requireScope(context, 'member:manage'), input),
  }),
)

function requireUser<User>(user: User | null): User {
  if (!user) throw new NotFound()
  return user
}
