import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { signUrl, verifyUrl, type UrlClaims } from './signed-url.ts'

const key = randomBytes(32)
const path = '/files/doc_1/page/2'
const claims: UrlClaims = {
  organizationId: 'org_a',
  userId: 'usr_a',
  sessionId: 'ses_a',
  keyId: null,
  clientId: null,
  purpose: 'file',
  subjectId: 'doc_1',
  maxBytes: null,
}
const inAnHour = () => new Date(Date.now() + 3_600_000)
const url = signUrl({ key, path, claims, expiresAt: inAnHour() })

describe('a signed link', () => {
  it('gives back the claims it was made with', () => {
    expect(verifyUrl({ key, url, purpose: 'file' })).toEqual(claims)
  })

  it('opens nothing under another key, for another purpose or on another path', () => {
    expect(verifyUrl({ key: randomBytes(32), url, purpose: 'file' })).toBeNull()
    expect(verifyUrl({ key, url, purpose: 'upload' })).toBeNull()
    expect(verifyUrl({ key, url: url.replace('/page/2', '/page/3'), purpose: 'file' })).toBeNull()
  })

  it('opens nothing once it has expired, to the millisecond', () => {
    const expiresAt = inAnHour()
    const short = signUrl({ key, path, claims, expiresAt })
    expect(verifyUrl({ key, url: short, purpose: 'file', now: new Date(expiresAt.getTime() - 1) })).toEqual(claims)
    expect(verifyUrl({ key, url: short, purpose: 'file', now: expiresAt })).toBeNull()
  })

  it('opens nothing when any character of its token is changed', () => {
    const start = url.indexOf('token=') + 'token='.length
    for (let at = start; at < url.length; at++) {
      const changed = `${url.slice(0, at)}${url[at] === 'A' ? 'B' : 'A'}${url.slice(at + 1)}`
      expect(verifyUrl({ key, url: changed, purpose: 'file' })).toBeNull()
    }
  })

  it('opens nothing by another text of the same signature, or beside another token', () => {
    // The last character of 32 bytes in base64url carries two bits that decode to nothing; a decoder passes over what is none of its signs.
    const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    for (const digit of digits.replace(url.at(-1) ?? '', ''))
      expect(verifyUrl({ key, url: url.slice(0, -1) + digit, purpose: 'file' })).toBeNull()
    const [token] = url.split('token=').slice(1)
    for (const more of ['=', '%3D', '!', '%20', '&token=', '&token=x', `&token=${token}`])
      expect(verifyUrl({ key, url: url + more, purpose: 'file' })).toBeNull()
    expect(verifyUrl({ key, url: `${path}?token=x&token=${token}`, purpose: 'file' })).toBeNull()
  })

  it('opens nothing when its claims are replaced and the signature kept', () => {
    const forged = Buffer.from(
      JSON.stringify({ claims: { ...claims, organizationId: 'org_b' }, expiresAt: inAnHour().getTime() }),
    ).toString('base64url')
    expect(verifyUrl({ key, url: `${path}?token=${forged}.${url.split('.').at(-1)}`, purpose: 'file' })).toBeNull()
  })

  it.each([
    '',
    path,
    `${path}?`,
    `${path}?token=`,
    `${path}?token=.`,
    `${path}?token=a.b.c`,
    `${path}?token=%`,
    `${path}?other=1`,
  ])('refuses %j', (odd) => {
    expect(verifyUrl({ key, url: odd, purpose: 'file' })).toBeNull()
  })

  it('is not made with a short key, for a path with a query, or for longer than a day', () => {
    expect(() => signUrl({ key: randomBytes(31), path, claims, expiresAt: inAnHour() })).toThrow(RangeError)
    expect(() => signUrl({ key, path: `${path}?a=1`, claims, expiresAt: inAnHour() })).toThrow(RangeError)
    expect(() => signUrl({ key, path: 'relative', claims, expiresAt: inAnHour() })).toThrow(RangeError)
    expect(() => signUrl({ key, path, claims, expiresAt: new Date(Date.now() + 25 * 3_600_000) })).toThrow(RangeError)
    expect(() => signUrl({ key, path, claims, expiresAt: new Date(Number.NaN) })).toThrow(RangeError)
  })
})
