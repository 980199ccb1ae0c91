import { audit } from '@passerelle/platform/audit'
import { publish } from '@passerelle/platform/facts'
import { scopesNowKey } from '@passerelle/platform/identity'
import { NotAllowed, type Viewer } from '@passerelle/platform/schema'
import type { Tx } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import { endApiKeys } from '../api-keys/api-key.ts'
import { openKeysOf } from '../api-keys/api-key.store.ts'
import { requireAnOwner, requireMember } from './member.ts'
import { deleteMember, findMember, holdMembers } from './member.store.ts'
import { outdate, revoke } from '../sessions/session.ts'
import { endSessions } from '../sessions/session.store.ts'

type Person = Viewer & { userId: string }

/**
 * Takes a member out of the organisation, who may do no more than the viewer. Their sessions there end at once; what they did stays. InvalidInput for the last
 * owner.
 */
export async function removeMember(
  platform: Platform,
  viewer: Person,
  userId: string,
): Promise<{ userId: string; sessionsEnded: number }> {
  const removed = await platform.sql.withOrganization(viewer, async (tx) => {
    const { member } = await requireMember(tx, viewer, userId)
    await requireAnOwner(tx, member, [])
    return takeMember(tx, { userId, how: 'member.removed' })
  })
  await settleRemoval(platform, { organizationId: viewer.organizationId, userId, ...removed })
  return { userId, sessionsEnded: removed.sessions.length }
}

/** Takes the viewer out themselves, whatever they may do; answers where this session had been opened. InvalidInput for the last owner. */
export async function removeSelf(
  platform: Platform,
  viewer: Person,
): Promise<{ name: string | null; network: string | null }> {
  const { organizationId, userId } = viewer
  const removed = await platform.sql.withOrganization(viewer, async (tx) => {
    await holdMembers(tx)
    const member = await findMember(tx, userId)
    if (!member) throw new NotAllowed()
    await requireAnOwner(tx, member, [])
    return takeMember(tx, { userId, how: 'member.left' })
  })
  await settleRemoval(platform, { organizationId, userId, ...removed })
  return removed.sessions.find(({ id }) => id === viewer.sessionId) ?? { name: null, network: null }
}

/** Who was taken out, and what they had. */
export interface Removed {
  sessions: { id: string; name: string | null; network: string | null }[]
  /** The keys that nobody answers for any more. */
  keys: string[]
  version: number
}

/** Takes a member, or the account of a client, out with the transaction; `settleRemoval` tells the gateways once that has committed. */
export async function takeMember(
  tx: Tx,
  { userId, how, clientId }: { userId: string; how: string; clientId?: string },
): Promise<Removed> {
  const sessions = await endSessions(tx, { userId })
  const keys = await openKeysOf(tx, userId)
  const version = await deleteMember(tx, userId)
  publish(tx, { type: how, payload: { userId, ...(clientId && { clientId }) } })
  audit(tx, {
    action: how,
    subject: { kind: 'User', id: userId },
    detail: { sessions: sessions.length, ...(clientId && { clientId }) },
  })
  return { sessions, keys, version }
}

/** Has what the member still holds refused, and what their keys made. */
export async function settleRemoval(
  platform: Platform,
  { organizationId, userId, sessions, keys, version }: Removed & { organizationId: string; userId: string },
): Promise<void> {
  await outdate(platform, { organizationId, userId, version })
  await revoke(
    platform,
    organizationId,
    sessions.map(({ id }) => id),
  )
  // What is from before ended with its session; whoever comes back makes links with the rights that they are given then.
  await platform.coordination.memory.remove(organizationId, scopesNowKey(userId))
  await endApiKeys(platform, organizationId, keys)
}
