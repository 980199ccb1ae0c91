import { NotFound, connectionType, pageArgs, requirePage, requireScope } from '@passerelle/platform/schema'
import { builder } from '../builder.ts'
import { listMembers } from './member.store.ts'
import { MemberRef } from './member.graphql.ts'
import { findOrganization, type Organization } from './organization.store.ts'

const MembersConnection = connectionType(builder, 'MembersConnection', { node: MemberRef })

export const OrganizationRef = builder.objectRef<Organization>('Organization').implement({
  description: 'A company that works here. Everything belongs to exactly one, and nothing is ever seen across two.',
  interfaces: ['Node'],
  fields: (t) => ({
    name: t.exposeString('name', { tag: ['partner', 'client'], description: 'As it calls itself.' }),
    members: t.field({
      description: 'The people who belong to it, by name.',
      type: MembersConnection,
      args: pageArgs(t),
      resolve: (_organization, args, context) => {
        const viewer = requireScope(context, 'member:read')
        return listMembers(context.platform.sql, viewer, requirePage(args))
      },
    }),
  }),
})

builder.asEntity(OrganizationRef, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: async ({ id }, { platform, viewer }) =>
    viewer?.organizationId === id
      ? ((await platform.sql.withOrganization(viewer, (tx) => findOrganization(tx, id))) ?? null)
      : null,
})

/** The organisation a viewer works in; it is there for as long as the token is valid. */
export async function requireOrganization(organization: Promise<Organization | undefined>): Promise<Organization> {
  const found = await organization
  if (!found) throw new NotFound()
  return found
}
