import { publish } from '@passerelle/platform/facts'
import { InvalidInput, NotAllowed, NotFound, type Role, type Viewer } from '@passerelle/platform/schema'
import type { Sql } from '@passerelle/platform/sql'
import { countOwners, findMember, holdMembers, updateRoles, type Member } from './member.store.ts'

/**
 * Gives a member other roles. Only an owner makes or unmakes owners, and the last owner stays one, so that an organisation is never
 * without. Open sessions keep their roles until their access token is renewed.
 */
export function changeMemberRoles(
  sql: Sql,
  viewer: Viewer,
  change: { userId: string; roles: readonly Role[] },
): Promise<Member> {
  const roles = [...new Set(change.roles)]
  if (roles.length === 0) throw new InvalidInput('A member has at least one role.', ['roles'])
  return sql.withOrganization(viewer, async (tx) => {
    await holdMembers(tx)
    const member = await findMember(tx, change.userId)
    if (!member) throw new NotFound()
    const owns = member.roles.includes('OWNER')
    const willOwn = roles.includes('OWNER')
    if (owns !== willOwn && !viewer.roles.includes('OWNER'))
      throw new NotAllowed('Only an owner can make or unmake owners.')
    if (owns && !willOwn && (await countOwners(tx)) === 1)
      throw new InvalidInput('The last owner stays owner; name another one first.', ['roles'])
    await updateRoles(tx, change.userId, roles)
    publish(tx, { type: 'member.roles_changed', payload: { userId: change.userId, roles } })
    return { ...member, roles }
  })
}
