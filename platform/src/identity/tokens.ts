import { createHmac, hkdfSync } from 'node:crypto'
import { SignJWT, decodeProtectedHeader, errors, jwtVerify } from 'jose'
import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import { ownScopes } from '../schema/scopes.ts'
import { roles, type Viewer } from '../schema/viewer.ts'
import { createKeyRing, firstSeed, type PublicJwk, type SigningSeed } from './signing-keys.ts'

export {
  accessEnded,
  endedApiKeyKey,
  endedRememberedSeconds,
  hearAccessEnded,
  memberRightsKey,
  revokedSessionKey,
  scopesNowKey,
  tellAccessEnded,
  tellScopesNow,
} from './access.ts'
export { firstSeed, type PublicJwk, type SigningSeed } from './signing-keys.ts'

/**
 * Access tokens: short-lived, signed with Ed25519, and all the gateway needs to know who asks. They carry the organisation, roles and scopes of one
 * session and the version of the member's rights; whether the session was ended, or the rights were changed, is for `access.ts` to say.
 */
export interface TokenKeys {
  /** `rightsVersion` is that of the member whose rights the viewer has. */
  signAccessToken(viewer: Viewer, lifetimeSeconds: number, rightsVersion?: number): Promise<string>
  /** Who asks; null for a token that is forged, expired, of a key that is none of ours, or of another kind. */
  verifyAccessToken(token: string): Promise<VerifiedToken | null>
  /** The public halves of the keys that verify now, for whoever else checks our tokens (RFC 7517). */
  publicKeys(): { keys: PublicJwk[] }
  /** A hash that only this installation can make, for one purpose: base64url of 32 bytes. */
  mac(purpose: string, text: string): string
  /** The key of file links; see blobs/signed-url. */
  readonly fileKey: Uint8Array
}

export interface VerifiedToken {
  viewer: Viewer
  /** The end of the token's life. */
  expiresAt: Date
  /** Which version of the member's rights it carries. */
  rightsVersion: number
}

export interface TokenSecrets {
  tokenKey: Uint8Array
  fileKey: Uint8Array
  /** The keys that sign and verify, read anew each time, as they rotate; none means the one made of `tokenKey`. */
  signingKeys?: (() => readonly SigningSeed[]) | undefined
}

const issuer = 'passerelle'
const typ = 'at+jwt'
const algorithm = 'EdDSA'
/** Tokens whose signature has been looked at: one is shown with every request of its quarter of an hour. */
const mostKnown = 5_000

const claims = z.object({
  /** Empty where a client asks by a link: nobody is known by name. */
  sub: z.string(),
  org: z.string().min(1),
  sid: z.string().min(1),
  /** The client of the organisation whose token it is. */
  cli: z.string().min(1).optional(),
  roles: z.array(z.enum(roles)),
  scopes: z.array(z.string()),
  ver: z.number().int().nonnegative(),
  exp: z.number(),
})
const wholeClaims = claims
  .refine(({ sub, cli }) => sub !== '' || cli !== undefined, 'A token is somebody’s.')
  .refine(
    ({ cli, roles: held, scopes }) =>
      (cli !== undefined) === scopes.some(isOwn) && (cli === undefined || (held.length === 0 && scopes.every(isOwn))),
    'A client holds what is theirs, and nobody else does.',
  )

function isOwn(scope: string): boolean {
  return ownScopes.some((own) => own === scope)
}

export function openTokenKeys({ tokenKey, fileKey, signingKeys }: TokenSecrets): TokenKeys {
  const first = [firstSeed(tokenKey)]
  const ring = createKeyRing(() => {
    const kept = signingKeys?.() ?? []
    return kept.length > 0 ? kept : first
  })
  const macKeys = new Map<string, Uint8Array>()
  const known = new LRUCache<string, VerifiedToken & { kid: string | undefined }>({ max: mostKnown })
  const isOurs = (kid: string | undefined): boolean => ring.keys().some((key) => key.kid === kid)
  return {
    fileKey,
    publicKeys: () => ({ keys: ring.keys().map(({ jwk }) => jwk) }),
    mac(purpose, text) {
      const key = macKeys.get(purpose) ?? new Uint8Array(hkdfSync('sha256', tokenKey, '', `passerelle ${purpose}`, 32))
      macKeys.set(purpose, key)
      return createHmac('sha256', key).update(text).digest('base64url')
    },
    signAccessToken(viewer, lifetimeSeconds, rightsVersion = 0) {
      const { kid, privateKey } = ring.signer()
      return new SignJWT({
        org: viewer.organizationId,
        sid: viewer.sessionId,
        roles: [...viewer.roles],
        scopes: [...viewer.scopes],
        ver: rightsVersion,
        ...(viewer.clientId !== null && { cli: viewer.clientId }),
      })
        .setProtectedHeader({ alg: algorithm, typ, kid })
        .setSubject(viewer.userId ?? '')
        .setIssuer(issuer)
        .setIssuedAt()
        .setExpirationTime(Math.floor(Date.now() / 1000) + lifetimeSeconds)
        .sign(privateKey)
    },
    async verifyAccessToken(token) {
      const before = known.get(token)
      if (before && before.expiresAt.getTime() > Date.now() && isOurs(before.kid)) return toVerified(before)
      known.delete(token)
      if (!isAsMade(token)) return null
      const findKey = ({ kid }: { kid?: string }) => {
        const key = ring.keys().find((each) => each.kid === kid)
        if (!key) throw new errors.JWKSNoMatchingKey()
        return key.publicKey
      }
      try {
        const { payload } = await jwtVerify(token, findKey, { issuer, algorithms: [algorithm], typ })
        const { sub, org, sid, cli = null, roles: held, scopes, ver, exp } = wholeClaims.parse(payload)
        const verified = {
          viewer: {
            organizationId: org,
            userId: sub || null,
            sessionId: sid,
            roles: held,
            scopes,
            keyId: null,
            clientId: cli,
          },
          expiresAt: new Date(exp * 1000),
          rightsVersion: ver,
        }
        known.set(token, { ...toVerified(verified), kid: decodeProtectedHeader(token).kid })
        return verified
      } catch (error) {
        if (error instanceof errors.JOSEError || error instanceof z.ZodError) return null
        throw error
      }
    },
  }
}

/** Several texts stand for the same bytes of a signature; a token holds as it was signed. */
function isAsMade(token: string): boolean {
  return token.split('.').every((part) => Buffer.from(part, 'base64url').toString('base64url') === part)
}

/** What is handed out is the caller's own: a viewer that somebody changes is nobody else's. */
function toVerified({ viewer, expiresAt, rightsVersion }: VerifiedToken): VerifiedToken {
  return { viewer: { ...viewer }, expiresAt, rightsVersion }
}
