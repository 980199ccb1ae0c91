import type { Coordination } from '../coordination/coordination.ts'
import { longestLinkSeconds } from '../blobs/signed-url.ts'
import { EngineUnavailable } from '../schema/refusals.ts'
import type { VerifiedToken } from './tokens.ts'

/** How long an ended session or key is remembered, in seconds: until the last token and the last link that it made have expired. */
export const endedRememberedSeconds = longestLinkSeconds + 60

/** The coordination key under which an ended session is remembered. */
export function revokedSessionKey(sessionId: string): string {
  return `session-ended:${sessionId}`
}

/** The coordination key under which a key that holds no more is remembered. */
export function endedApiKeyKey(keyId: string): string {
  return `api-key-ended:${keyId}`
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

/** True when the session or the key that made something has ended since. Throws EngineUnavailable while nobody can say. */
export async function makerEnded(
  { memory }: Pick<Coordination, 'memory'>,
  { organizationId, sessionId, keyId }: { organizationId: string; sessionId: string | null; keyId: string | null },
): Promise<boolean> {
  const marks = [sessionId && revokedSessionKey(sessionId), keyId && endedApiKeyKey(keyId)].filter(
    (mark) => mark !== null,
  )
  const found = await Promise.all(marks.map((mark) => memory.get(organizationId, mark)))
  return found.some((mark) => mark !== null)
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
