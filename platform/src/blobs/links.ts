import type { Coordination } from '../coordination/coordination.ts'
import { makerLost } from '../identity/access.ts'
import type { TokenKeys } from '../identity/tokens.ts'
import { EngineUnavailable } from '../schema/refusals.ts'
import type { MemberScope } from '../schema/scopes.ts'
import type { Viewer } from '../schema/viewer.ts'
import { signUrl, verifyUrl, type UrlClaims } from './signed-url.ts'

interface Wanted extends Pick<UrlClaims, 'purpose' | 'subjectId'> {
  /** Absolute, without query. */
  path: string
  /** Of an upload. */
  maxBytes?: number
  expiresAt: Date
}

/** A link for whoever asks, good until it expires, or the session or key that asked for it ends or may do less; a day at most. */
export function makeLink(
  { keys }: { keys: Pick<TokenKeys, 'fileKey'> },
  viewer: Viewer,
  { path, expiresAt, purpose, subjectId, maxBytes }: Wanted,
): string {
  const { organizationId, userId, sessionId, keyId, clientId } = viewer
  const claims = { organizationId, userId, sessionId, keyId, clientId, purpose, subjectId, maxBytes: maxBytes ?? null }
  return signUrl({ key: keys.fileKey, path, claims, expiresAt })
}

/**
 * The claims of a link (path and query, as requested), or null when it is not ours, was changed, has expired, is for another purpose, or when whoever it was
 * made for has lost their session or key since, or the scope that asking for it takes. While nobody can say whether they have, it holds, as their tokens do.
 */
export async function openLink(
  { keys, coordination }: { keys: Pick<TokenKeys, 'fileKey'>; coordination: Pick<Coordination, 'memory'> },
  { url, purpose, scope }: { url: string; purpose: string; scope: MemberScope },
): Promise<UrlClaims | null> {
  const claims = verifyUrl({ key: keys.fileKey, url, purpose })
  if (!claims) return null
  return (await makerLost(coordination, claims, scope).catch(unlessAway)) ? null : claims
}

function unlessAway(error: unknown): false {
  if (error instanceof EngineUnavailable) return false
  throw error
}
