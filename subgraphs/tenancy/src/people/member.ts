import { z } from 'zod'
import { audit } from '@passerelle/platform/audit'
import { publish } from '@passerelle/platform/facts'
import { scopesNowKey, tellScopesNow } from '@passerelle/platform/identity'
import {
  effectiveScopes,
  InvalidInput,
  NotFound,
  parseInput,
  roles,
  scopes,
  type Viewer,
} from '@passerelle/platform/schema'
import type { Tx } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import { boundApiKeys } from '../api-keys/api-key.ts'
import { openKeysOf } from '../api-keys/api-key.store.ts'
import { requireGiver, requireWithin } from './member.policy.ts'
import { countOwners, findMember, findRights, holdMembers, updateRights, type Member } from './member.store.ts'
import { outdate } from '../sessions/session.ts'

type Person = Viewer & { userId: string }

const rolesInput = z.object({
  userId: z.string(),
  roles: z.array(z.enum(roles)).min(1, 'A member has at least one role.').max(roles.length),
})

/**
 * Gives a member other roles, of which the giver must hold every right. Only an owner makes or unmakes owners, and the last owner stays one, so that an
 * organisation is never without. It holds from now on: tokens that carry other rights are refused.
 */
export async function changeMemberRoles(
  platform: Platform,
  viewer: Person,
  input: z.input<typeof rolesInput>,
): Promise<Member> {
  const change = parseInput(rolesInput, input)
  const held = [...new Set(change.roles)]
  const { member, changed } = await platform.sql.withOrganization(viewer, async (tx) => {
    const before = await requireMember(tx, viewer, change.userId)
    requireWithin(before.giver, { ...before.member, roles: held })
    await requireAnOwner(tx, before.member, held)
    if (isSame(before.member.roles, held)) return { member: before.member, changed: false }
    publish(tx, { type: 'member.roles_changed', payload: { userId: change.userId, roles: held } })
    audit(tx, {
      action: 'member.roles_changed',
      subject: { kind: 'User', id: change.userId },
      detail: { from: before.member.roles, to: held },
    })
    await updateRights(tx, change.userId, { roles: held })
    return { member: { ...before.member, roles: held }, changed: true }
  })
  if (changed) await settleRights(platform, member)
  return member
}

const anyScope = z.array(z.enum(scopes, 'There is no such scope.')).max(scopes.length)
const scopesInput = z.object({ userId: z.string(), granted: anyScope, withheld: anyScope })

/**
 * Gives a member single scopes beside those of the roles, or keeps some of the roles' from them. Nobody gives what they do not hold; nothing is kept from an owner.
 * It holds from now on.
 */
export async function changeMemberScopes(
  platform: Platform,
  viewer: Person,
  input: { userId: string; granted: readonly string[]; withheld: readonly string[] },
): Promise<Member> {
  const change = parseInput(scopesInput, input as z.input<typeof scopesInput>)
  const [granted, withheld] = [[...new Set(change.granted)], [...new Set(change.withheld)]]
  if (granted.some((scope) => withheld.includes(scope)))
    throw new InvalidInput('A scope is given or kept back, not both.', ['withheld'])
  const { member, changed } = await platform.sql.withOrganization(viewer, async (tx) => {
    const before = await requireMember(tx, viewer, change.userId)
    if (withheld.length > 0 && before.member.roles.includes('OWNER'))
      throw new InvalidInput('Nothing is kept from an owner.', ['withheld'])
    requireWithin(before.giver, { ...before.member, granted, withheld })
    if (isSame(before.member.granted, granted) && isSame(before.member.withheld, withheld))
      return { member: before.member, changed: false }
    publish(tx, { type: 'member.scopes_changed', payload: { userId: change.userId, granted, withheld } })
    audit(tx, {
      action: 'member.scopes_changed',
      subject: { kind: 'User', id: change.userId },
      detail: { granted, withheld },
    })
    await updateRights(tx, change.userId, { granted, withheld })
    return { member: { ...before.member, granted, withheld }, changed: true }
  })
  if (changed) await settleRights(platform, member)
  return member
}

/**
 * Has tokens, keys and links from before a change go by what the member may do now. Changes commit one after the other and are told side by side: what was told is looked at again
 * until it is what the rows say, so that whoever tells last tells of the last change.
 */
async function settleRights(platform: Platform, { organizationId, userId }: Member): Promise<void> {
  for (let told = 0; ;) {
    const now = await platform.sql.withOrganization({ organizationId }, async (tx) => {
      const found = await findRights(tx, userId)
      return found && { ...found, keys: await openKeysOf(tx, userId) }
    })
    if (now?.version === told) return
    // Who was taken out meanwhile makes links with the rights of the day, should they come back.
    if (!now) return platform.coordination.memory.remove(organizationId, scopesNowKey(userId))
    const scopes = effectiveScopes(now.member)
    await tellScopesNow(platform.coordination, { organizationId, holders: [userId], scopes })
    await outdate(platform, { organizationId, userId, version: now.version })
    await boundApiKeys(platform, { organizationId, ids: now.keys, scopes })
    told = now.version
  }
}

/** What is as it was is no change: nobody has to renew a token for it. */
function isSame(before: readonly string[], after: readonly string[]): boolean {
  return before.length === after.length && before.every((one) => after.includes(one))
}

/** A member whom the viewer may change, with all members held until the transaction ends. NotFound, or NotAllowed for one who may do more than the viewer. */
export async function requireMember(tx: Tx, viewer: Person, userId: string) {
  await holdMembers(tx)
  const giver = await requireGiver(tx, viewer)
  const member = await findMember(tx, userId)
  if (!member) throw new NotFound()
  requireWithin(giver, member)
  return { giver, member }
}

/** Refuses with InvalidInput what would leave the organisation without an owner. */
export async function requireAnOwner(tx: Tx, member: Member, next: readonly string[]): Promise<void> {
  if (!member.roles.includes('OWNER') || next.includes('OWNER')) return
  if ((await countOwners(tx)) === 1)
    throw new InvalidInput('The last owner stays owner; name another one first.', ['roles'])
}
