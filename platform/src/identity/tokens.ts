import { SignJWT, errors, jwtVerify } from 'jose'
import { z } from 'zod'
import { roles, type Viewer } from '../schema/viewer.ts'
import { openApiKeys, type ApiKeys } from './api-keys.ts'

/**
 * Access tokens: short-lived, signed, and all the gateway needs to know who asks. They carry the organisation, roles and scopes of one
 * session; whether that session was ended meanwhile is for `isRevoked` to say.
 */
export interface TokenKeys {
  signAccessToken(viewer: Viewer, lifetimeSeconds: number): Promise<string>
  /** The viewer and the end of the token's life; null for a token that is forged, expired or of another kind. */
  verifyAccessToken(token: string): Promise<{ viewer: Viewer; expiresAt: Date } | null>
  /** The key of file links; see blobs/signed-url. */
  readonly fileKey: Uint8Array
  /** What programs and partners ask with. */
  readonly apiKeys: ApiKeys
}

const issuer = 'passerelle'

const claims = z.object({
  sub: z.string(),
  org: z.string(),
  sid: z.string(),
  roles: z.array(z.enum(roles)),
  scopes: z.array(z.string()),
  exp: z.number(),
})

export function openTokenKeys(secrets: { tokenKey: Uint8Array; fileKey: Uint8Array }): TokenKeys {
  return {
    fileKey: secrets.fileKey,
    apiKeys: openApiKeys(secrets),
    signAccessToken(viewer, lifetimeSeconds) {
      return new SignJWT({
        org: viewer.organizationId,
        sid: viewer.sessionId,
        roles: [...viewer.roles],
        scopes: [...viewer.scopes],
      })
        .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
        .setSubject(viewer.userId ?? '')
        .setIssuer(issuer)
        .setIssuedAt()
        .setExpirationTime(Math.floor(Date.now() / 1000) + lifetimeSeconds)
        .sign(secrets.tokenKey)
    },
    async verifyAccessToken(token) {
      try {
        const { payload } = await jwtVerify(token, secrets.tokenKey, { issuer, algorithms: ['HS256'], typ: 'at+jwt' })
        const { sub, org, sid, roles: held, scopes, exp } = claims.parse(payload)
        return {
          viewer: { organizationId: org, userId: sub, sessionId: sid, roles: held, scopes, keyId: null },
          expiresAt: new Date(exp * 1000),
        }
      } catch (error) {
        if (error instanceof errors.JOSEError || error instanceof z.ZodError) return null
        throw error
      }
    },
  }
}

/** The coordination key under which an ended session is remembered until its last access token has expired. */
export function revokedSessionKey(sessionId: string): string {
  return `session-ended:${sessionId}`
}
