import type { Viewer } from '@passerelle/platform/schema'

/** Who a token speaks for, and until when; null for a token that is forged, expired or revoked. Throws when that cannot be found out. */
export type Verify = (token: string) => Promise<Identity | null>

export interface Identity {
  viewer: Viewer
  /** The end of the token's life; null when it has none. */
  expiresAt: Date | null
}

/** A request without a token is nobody's; one whose token does not hold is refused rather than treated as nobody's. */
export type Identified = { kind: 'anonymous' } | { kind: 'known'; identity: Identity } | { kind: 'refused' }

/** Reads `Bearer <token>`, as it stands in an Authorization header or in the parameters of a WebSocket connection. */
export async function identify(authorization: unknown, verify: Verify): Promise<Identified> {
  if (authorization === undefined || authorization === null || authorization === '') return { kind: 'anonymous' }
  const token = typeof authorization === 'string' ? /^Bearer +([^\s]+)$/i.exec(authorization)?.[1] : undefined
  const identity = token ? await verify(token) : null
  return identity ? { kind: 'known', identity } : { kind: 'refused' }
}

export function viewerOf(identified: Identified): Viewer | null {
  return identified.kind === 'known' ? identified.identity.viewer : null
}
