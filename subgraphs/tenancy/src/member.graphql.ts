import { InvalidInput, NotAllowed, NotFound, requireScope, roles } from '@passerelle/platform/schema'
import { builder } from './builder.ts'
import { changeMemberRoles } from './member.ts'
import type { Member } from './member.store.ts'
import { UserRef } from './user.graphql.ts'

export const RoleEnum = builder.enumType('Role', {
  description: 'What a member is in an organisation; what each may do is in the scopes.',
  values: roles,
})

export const MemberRef = builder.objectRef<Member>('Member').implement({
  description: "A person's place in an organisation.",
  fields: (t) => ({
    id: t.id({ resolve: (member) => `${member.organizationId}.${member.userId}` }),
    user: t.field({
      type: UserRef,
      resolve: async (member, _args, { users }) => requireUser(await users.load(member.userId)),
    }),
    roles: t.expose('roles', { type: [RoleEnum] }),
    joinedAt: t.expose('joinedAt', { type: 'DateTime' }),
  }),
})

const ChangeMemberRolesInput = builder.inputType('ChangeMemberRolesInput', {
  fields: (t) => ({
    userId: t.id({ required: true }),
    roles: t.field({ type: [RoleEnum], required: true }),
  }),
})

builder.mutationField('changeMemberRoles', (t) =>
  t.field({
    description: 'Gives a member other roles. Only an owner makes or unmakes owners; the last owner stays one.',
    type: MemberRef,
    errors: { types: [NotFound, NotAllowed, InvalidInput] },
    args: { input: t.arg({ type: ChangeMemberRolesInput, required: true }) },
    resolve: (_root, { input }, context) =>
      changeMemberRoles(context.platform.sql, requireScope(context, 'member:manage'), input),
  }),
)

function requireUser<User>(user: User | null): User {
  if (!user) throw new NotFound()
  return user
}
