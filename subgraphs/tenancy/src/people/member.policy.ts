import { effectiveScopes, NotAllowed, type Rights, type Viewer } from '@passerelle/platform/schema'
import type { Tx } from '@passerelle/platform/sql'
import { findMember } from './member.store.ts'

/** What somebody may hand on: no more than they hold, by their token and by the rows of this moment. */
export interface Giver {
  owns: boolean
  scopes: ReadonlySet<string>
}

/** What the viewer may hand on, with the members held (`holdMembers`). NotAllowed for somebody who is a member no more. */
export async function requireGiver(tx: Tx, viewer: Viewer & { userId: string }): Promise<Giver> {
  const member = await findMember(tx, viewer.userId)
  if (!member) throw new NotAllowed()
  const now = effectiveScopes(member)
  return {
    owns: viewer.roles.includes('OWNER') && member.roles.includes('OWNER'),
    scopes: new Set(now.filter((scope) => viewer.scopes.includes(scope))),
  }
}

/** Refuses with NotAllowed to give, or to touch, rights beyond the giver's own. Only owners make, change and unmake owners. */
export function requireWithin(giver: Giver, rights: Rights): void {
  if (rights.roles.includes('OWNER') && !giver.owns) throw new NotAllowed('Only an owner can make or unmake owners.')
  const beyond = effectiveScopes(rights).find((scope) => !giver.scopes.has(scope))
  if (beyond) throw new NotAllowed(`This takes ${beyond}, which you do not hold yourself.`)
}
