import type { Coordination } from '../coordination/coordination.ts'
import { EngineUnavailable } from '../schema/refusals.ts'
import type { VerifiedToken } from './tokens.ts'

/** The coordination key under which an ended session is remembered until its last access token has expired. */
export function revokedSessionKey(sessionId: string): string {
  return `session-ended:${sessionId}`
}

/** The coordination key that holds the least version of a member's rights that still counts, for as long as older tokens may live. */
export function memberRightsKey(userId: string): string {
  return `member-rights:${userId}`
}

/** True when the token's session was ended, or the member's rights are no longer those that it carries. Throws EngineUnavailable while nobody can say. */
export async function accessEnded(
  { memory }: Pick<Coordination, 'memory'>,
  { viewer: { organizationId, sessionId, userId }, rightsVersion }: Pick<VerifiedToken, 'viewer' | 'rightsVersion'>,
): Promise<boolean> {
  const [ended, least] = await Promise.all([
    memory.get(organizationId, revokedSessionKey(sessionId ?? '')),
    memory.get(organizationId, memberRightsKey(userId ?? '')),
  ])
  return ended !== null || (least !== null && rightsVersion < Number(least))
}

const channel = 'access-ended'

/**
 * Tells every gateway that a session, a member or a key of the organisation has lost something, so that open connections are looked at again now. At
 * most once and never needed: while the channel is away they are looked at every minute.
 */
export async function tellAccessEnded(
  coordination: Pick<Coordination, 'publish'>,
  organizationId: string,
): Promise<void> {
  await coordination.publish(channel, organizationId).catch((error: unknown) => {
    if (!(error instanceof EngineUnavailable)) throw error
  })
}

/** Hears of organisations in which somebody has lost access; answers how to stop. */
export function hearAccessEnded(
  coordination: Pick<Coordination, 'subscribe'>,
  onEnded: (organizationId: string) => void,
): Promise<() => Promise<void>> {
  return coordination.subscribe(channel, onEnded)
}
