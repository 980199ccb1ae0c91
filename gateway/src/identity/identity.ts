import { isWellTypedApiKey, looksLikeApiKey } from '@passerelle/platform/identity/api-keys'
import type { Viewer } from '@passerelle/platform/schema'

/**
 * Who a token speaks for, and until when; null for a token that is forged, expired or revoked, and for a key that is not to be used from where `caller`
 * is. Throws when that cannot be found out.
 */
export type Verify = (token: string, caller?: string) => Promise<Identity | null>

export interface Identity {
  viewer: Viewer
  /** The end of the token's life; null when it has none. */
  expiresAt: Date | null
}

/** A request without a token is nobody's; one whose token does not hold is refused rather than treated as nobody's. */
export type Identified =
  | { kind: 'anonymous' }
  | { kind: 'known'; identity: Identity }
  | { kind: 'refused'; message: string }

/**
 * Reads `Bearer <token>`, as it stands in an Authorization header or in the parameters of a WebSocket connection. The token is an access token or an API key;
 * `caller` is the network address that it came from, where that is known.
 */
export async function identify(authorization: unknown, verify: Verify, caller?: string): Promise<Identified> {
  if (authorization === undefined || authorization === null || authorization === '') return { kind: 'anonymous' }
  const token = typeof authorization === 'string' ? /^Bearer +([^\s]+)$/i.exec(authorization)?.[1] : undefined
  const identity = token ? await verify(token, caller) : null
  return identity ? { kind: 'known', identity } : { kind: 'refused', message: whyRefused(token ?? '') }
}

function whyRefused(token: string): string {
  if (!looksLikeApiKey(token)) return 'The access token does not hold, or not any more.'
  return isWellTypedApiKey(token)
    ? 'The API key does not hold, not any more, or not from this network.'
    : 'The API key is mistyped or cut off: its checksum does not fit. Copy it again, whole.'
}

export function viewerOf(identified: Identified): Viewer | null {
  return identified.kind === 'known' ? identified.identity.viewer : null
}
