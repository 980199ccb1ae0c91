import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'

/** No link lives longer: who holds one needs no other right. */
export const longestLinkSeconds = 24 * 3_600

const Claims = z.strictObject({
  organizationId: z.string().min(1),
  /** Whom it was made for; null for a service. */
  userId: z.string().min(1).nullable(),
  /** The session or key that asked for it and with which it ends; null for a service. */
  sessionId: z.string().min(1).nullable(),
  keyId: z.string().min(1).nullable(),
  /** The client of the organisation that asked, who sees their own rows alone; null for everybody else. */
  clientId: z.string().min(1).nullable(),
  /** What it opens: 'upload', 'file', 'page image'. A link is good for one purpose. */
  purpose: z.string().min(1),
  /** The id of the upload or document it is about. */
  subjectId: z.string().min(1),
  /** For an upload, the most bytes it may carry; null otherwise. */
  maxBytes: z.int().positive().nullable(),
})

export type UrlClaims = z.infer<typeof Claims>

const Token = z.strictObject({ claims: Claims, expiresAt: z.int() })

/**
 * A link that carries its own right: `<path>?token=…`, sealed with HMAC-SHA256 over path, claims and expiry. `path` is absolute, without
 * query; `key` has at least 32 bytes. A programming error (relative path, short key, an expiry over a day away) throws RangeError.
 */
export function signUrl({
  key,
  path,
  claims,
  expiresAt,
}: {
  key: Uint8Array
  path: string
  claims: UrlClaims
  expiresAt: Date
}): string {
  if (key.length < 32) throw new RangeError('A key for links has at least 32 bytes.')
  if (!/^\/[^?#]*$/.test(path)) throw new RangeError('A link is made for an absolute path without query.')
  if (!(expiresAt.getTime() <= Date.now() + longestLinkSeconds * 1000))
    throw new RangeError('A link lives a day at most.')
  const body = Buffer.from(JSON.stringify(Token.parse({ claims, expiresAt: expiresAt.getTime() }))).toString(
    'base64url',
  )
  return `${path}?token=${body}.${seal(key, path, body).toString('base64url')}`
}

/**
 * The claims of a link (path and query, as requested), or null when it is not ours, was changed, has expired or is for another purpose.
 * The organisation, subject and size are the caller's to enforce; whether its maker may still ask is `openLink`'s to find out.
 */
export function verifyUrl({
  key,
  url,
  purpose,
  now = new Date(),
}: {
  key: Uint8Array
  url: string
  purpose: string
  now?: Date
}): UrlClaims | null {
  const query = url.indexOf('?')
  if (query < 0) return null
  const [token = '', ...others] = new URLSearchParams(url.slice(query)).getAll('token')
  const [body = '', signature = '', ...more] = others.length > 0 ? [] : token.split('.')
  // Compared as text: several texts stand for the same bytes, and a link is good as it was made.
  const expected = Buffer.from(seal(key, url.slice(0, query), body).toString('base64url'))
  const given = Buffer.from(signature)
  if (more.length > 0 || given.length !== expected.length || !timingSafeEqual(given, expected)) return null
  const { claims, expiresAt } = Token.parse(JSON.parse(Buffer.from(body, 'base64url').toString()))
  return expiresAt > now.getTime() && claims.purpose === purpose ? claims : null
}

function seal(key: Uint8Array, path: string, body: string): Buffer {
  return createHmac('sha256', key).update(`passerelle link 2\n${path}\n${body}`).digest()
}
