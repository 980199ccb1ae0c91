import type { Coordination } from '../coordination/coordination.ts'
import { longestLinkSeconds } from '../blobs/signed-url.ts'
import { EngineUnavailable } from '../schema/refusals.ts'
import type { MemberScope } from '../schema/scopes.ts'
import type { Viewer } from '../schema/viewer.ts'
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

/**
 * The coordination key that holds what a member, or a key they answer for, may do since that was last changed, as long as links from before may live.
 * `holder` is the id of the member or of the key.
 */
export function scopesNowKey(holder: string): string {
  return `scopes-now:${holder}`
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

type Maker = Pick<Viewer, 'organizationId' | 'userId' | 'sessionId' | 'keyId' | 'clientId'>

/**
 * True when the session or the key that made something has ended since, or has lost the scope that it took. Of a client nothing is asked but whether they
 * may still come in. Throws EngineUnavailable while nobody can say.
 */
export async function makerLost(
  { memory }: Pick<Coordination, 'memory'>,
  { organizationId, userId, sessionId, keyId, clientId }: Maker,
  scope: MemberScope,
): Promise<boolean> {
  const read = (mark: string | null) => (mark === null ? null : memory.get(organizationId, mark))
  const holder = clientId === null ? (keyId ?? userId) : null
  const [session, key, scopesNow] = await Promise.all([
    read(sessionId && revokedSessionKey(sessionId)),
    read(keyId && endedApiKeyKey(keyId)),
    read(holder && scopesNowKey(holder)),
  ])
  return session !== null || key !== null || (scopesNow !== null && !scopesNow.split(' ').includes(scope))
}

/** Has links that these members or keys made go by what they may do now, and not by what they could when they made them. */
export async function tellScopesNow(
  { memory }: Pick<Coordination, 'memory'>,
  {
    organizationId,
    holders,
    scopes,
  }: { organizationId: string; holders: readonly string[]; scopes: readonly string[] },
): Promise<void> {
  for (const holder of holders)
    await memory.set(organizationId, scopesNowKey(holder), scopes.join(' '), endedRememberedSeconds)
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
