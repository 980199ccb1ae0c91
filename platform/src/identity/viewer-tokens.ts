import { hkdfSync } from 'node:crypto'
import { SignJWT, errors, jwtVerify } from 'jose'
import { z } from 'zod'
import { roles, type Viewer } from '../schema/viewer.ts'

/**
 * Viewer tokens: how one process of the house tells another for whom it asks. Good for a minute, and only between processes that hold the
 * same secrets; a request without a viewer carries one too, which says that nobody asks.
 */
export interface ViewerTokens {
  sign(viewer: Viewer | null): Promise<string>
  /** Who asks, or null for nobody; undefined for a token that is forged, expired or of another kind. */
  verify(token: string): Promise<Viewer | null | undefined>
}

const lifetimeSeconds = 60
/** Clocks of two machines are never quite the same. */
const clockSeconds = 30
const issuer = 'passerelle'
const typ = 'viewer+jwt'

const viewerClaim = z.object({
  organizationId: z.string().min(1),
  userId: z.string().nullable(),
  roles: z.array(z.enum(roles)),
  scopes: z.array(z.string()),
  sessionId: z.string().nullable(),
  keyId: z.string().nullable(),
  clientId: z.string().nullable(),
})
const claims = z.object({ viewer: viewerClaim.nullable() })

/** Keys of their own, made from the installation's secret. */
export function openViewerTokens({ tokenKey }: { tokenKey: Uint8Array }): ViewerTokens {
  const key = new Uint8Array(hkdfSync('sha256', tokenKey, '', 'passerelle viewer tokens', 32))
  // One request asks several subgraphs for the same viewer.
  const signed = new WeakMap<Viewer, Promise<string>>()
  const make = (viewer: Viewer | null): Promise<string> =>
    new SignJWT({ viewer: viewer && toClaim(viewer) })
      .setProtectedHeader({ alg: 'HS256', typ })
      .setIssuer(issuer)
      .setIssuedAt()
      .setExpirationTime(`${lifetimeSeconds} seconds`)
      .sign(key)
  return {
    sign(viewer) {
      if (!viewer) return make(null)
      const known = signed.get(viewer)
      if (known) return known
      const token = make(viewer)
      signed.set(viewer, token)
      // Some viewers, those of jobs and open connections, live longer than a token.
      setTimeout(() => signed.delete(viewer), (lifetimeSeconds / 2) * 1000).unref()
      return token
    },
    async verify(token) {
      try {
        const { payload } = await jwtVerify(token, key, {
          issuer,
          typ,
          algorithms: ['HS256'],
          clockTolerance: clockSeconds,
        })
        return claims.parse(payload).viewer
      } catch (error) {
        if (error instanceof errors.JOSEError || error instanceof z.ZodError) return undefined
        throw error
      }
    },
  }
}

function toClaim({
  organizationId,
  userId,
  roles: held,
  scopes,
  sessionId,
  keyId,
  clientId,
}: Viewer): z.input<typeof viewerClaim> {
  return { organizationId, userId, roles: [...held], scopes: [...scopes], sessionId, keyId, clientId }
}
