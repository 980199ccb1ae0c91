import { createHmac, hkdfSync } from 'node:crypto'
import { SignJWT, UnsecuredJWT, createLocalJWKSet, jwtVerify } from 'jose'
import { expect, test, vi } from 'vitest'
import { ownScopes, scopesOf } from '../schema/scopes.ts'
import type { Viewer } from '../schema/viewer.ts'
import { createKeyRing, firstSeed, type SigningSeed } from './signing-keys.ts'
import { openTokenKeys } from './tokens.ts'

const tokenKey = new Uint8Array(32).fill(1)
const fileKey = new Uint8Array(32).fill(2)
const keys = openTokenKeys({ tokenKey, fileKey })
const own = createKeyRing(() => [firstSeed(tokenKey)]).signer()
const foreign = createKeyRing(() => [seedOf(9)]).signer()
const viewer: Viewer = {
  organizationId: 'org_a',
  userId: 'usr_a',
  sessionId: 'ses_a',
  keyId: null,
  clientId: null,
  roles: ['OPERATOR'],
  scopes: scopesOf(['OPERATOR']),
}
const claims: Record<string, unknown> = {
  org: 'org_a',
  sid: 'ses_a',
  roles: ['OWNER'],
  scopes: ['member:manage'],
  ver: 1,
}

function seedOf(byte: number, signsFrom = new Date(byte)): SigningSeed {
  return { seed: new Uint8Array(32).fill(byte), signsFrom }
}

interface Forged {
  key?: typeof own
  kid?: string | undefined
  typ?: string
  issuer?: string
  payload?: Record<string, unknown>
}

function forge(given: Forged): Promise<string> {
  const { key = own, typ = 'at+jwt', issuer = 'passerelle', payload = claims } = given
  const kid = 'kid' in given ? given.kid : key.kid
  return new SignJWT(payload)
    .setProtectedHeader({ alg: 'EdDSA', typ, ...(kid !== undefined && { kid }) })
    .setSubject('usr_a')
    .setIssuer(issuer)
    .setExpirationTime('10m')
    .sign(key.privateKey)
}

/** A token whose signature is that of a secret key, as HS256 makes it. */
function sealed(secret: Uint8Array | string, header: object = {}): string {
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const body = { ...claims, sub: 'usr_a', iss: 'passerelle', exp: Math.floor(Date.now() / 1000) + 600 }
  const text = `${encode({ alg: 'HS256', typ: 'at+jwt', kid: own.kid, ...header })}.${encode(body)}`
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}

test('a token says who asks, with what rights, and until when', async () => {
  const verified = await keys.verifyAccessToken(await keys.signAccessToken(viewer, 60, 12))
  expect(verified).toMatchObject({ viewer, rightsVersion: 12 })
  expect(verified?.expiresAt.getTime()).toBeGreaterThan(Date.now())
  expect(await keys.verifyAccessToken(await forge({}))).not.toBeNull()
})

const client: Viewer = { ...viewer, clientId: 'cli_a', roles: [], scopes: ownScopes }

test('a token of a client says whose it is, with an account and by a link, where nobody is known by name', async () => {
  for (const each of [client, { ...client, userId: null, sessionId: 'clk_a' }])
    expect((await keys.verifyAccessToken(await keys.signAccessToken(each, 60)))?.viewer).toEqual(each)
})

test.each([
  ['of nobody', { ...viewer, userId: null }],
  ['of a client with a role', { ...client, roles: ['VIEWER'] }],
  ['of a client who holds more than what is theirs', { ...client, scopes: [...ownScopes, 'record:read'] }],
  ['of a client who holds nothing', { ...client, scopes: [] }],
  ['of a member who holds what is a client’s', { ...viewer, scopes: [...viewer.scopes, 'own:read'] }],
] satisfies [string, Viewer][])('a token %s is refused, although it is signed by us', async (_what, each) => {
  expect(await keys.verifyAccessToken(await keys.signAccessToken(each, 60))).toBeNull()
})

test.each([
  ['that has expired', () => keys.signAccessToken(viewer, -1)],
  ['of another key', () => forge({ key: foreign })],
  ['of another key that calls itself by the name of ours', () => forge({ key: foreign, kid: own.kid })],
  ['that does not name its key', () => forge({ kid: undefined })],
  ['that names a key nobody has', () => forge({ kid: '../../etc/passwd' })],
  ['of another kind', () => forge({ typ: 'JWT' })],
  ['of another issuer', () => forge({ issuer: 'somebody' })],
  ['without an organisation', () => forge({ payload: { ...claims, org: undefined } })],
  ['without a session', () => forge({ payload: { ...claims, sid: undefined } })],
  ['that does not say which rights it carries', () => forge({ payload: { ...claims, ver: undefined } })],
  ['with a role that does not exist', () => forge({ payload: { ...claims, roles: ['KING'] } })],
  ['sealed with the published key as if it were secret', async () => sealed(Buffer.from(own.jwk.x, 'base64url'))],
  [
    'sealed with the published key as it is written',
    async () => sealed(String(own.publicKey.export({ format: 'pem', type: 'spki' }))),
  ],
  ['sealed with the secret of the installation', async () => sealed(tokenKey)],
  ['sealed with the key of file links', async () => sealed(fileKey)],
  ['that brings its own key', async () => sealed('mine', { jwk: { kty: 'oct', k: 'bWluZQ' } })],
  [
    'that nobody signed',
    async () => new UnsecuredJWT(claims).setSubject('usr_a').setIssuer('passerelle').setExpirationTime('10m').encode(),
  ],
  ['that is none', async () => 'a.b.c'],
  [
    'whose rights were changed',
    async () => {
      const [head, , seal] = (await keys.signAccessToken(viewer, 60)).split('.')
      const body = Buffer.from(
        JSON.stringify({ ...claims, iss: 'passerelle', sub: 'usr_a', exp: Date.now() }),
      ).toString('base64url')
      return `${head}.${body}.${seal}`
    },
  ],
])('a token %s does not hold', async (_what, make) => {
  expect(await keys.verifyAccessToken(await make())).toBeNull()
})

test('whoever has the published keys can check a token, and sees no secret in them', async () => {
  const published = keys.publicKeys()
  const { payload, protectedHeader } = await jwtVerify(
    await keys.signAccessToken(viewer, 60),
    createLocalJWKSet(published),
    { issuer: 'passerelle', typ: 'at+jwt' },
  )
  expect(payload).toMatchObject({ org: 'org_a', sub: 'usr_a', scopes: viewer.scopes })
  expect(protectedHeader).toMatchObject({ alg: 'EdDSA', kid: published.keys[0]?.kid })
  expect(Object.keys(published.keys[0] ?? {}).toSorted()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x'])
})

test('the newest key whose time has come signs, a later one is published before it does, and one that is taken away ends', async () => {
  let ring = [seedOf(3), seedOf(4)]
  const rotating = openTokenKeys({ tokenKey, fileKey, signingKeys: () => ring })
  const older = await rotating.signAccessToken(viewer, 60)
  ring = [seedOf(5, new Date(Date.now() + 600_000)), ...ring]
  const kidOf = (token: string): string =>
    (JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as { kid: string }).kid
  expect(kidOf(await rotating.signAccessToken(viewer, 60))).toBe(kidOf(older))
  expect(rotating.publicKeys().keys).toHaveLength(3)
  ring = [seedOf(5), seedOf(4)]
  const newer = await rotating.signAccessToken(viewer, 60)
  expect(kidOf(newer)).not.toBe(kidOf(older))
  expect([await rotating.verifyAccessToken(older), await rotating.verifyAccessToken(newer)]).not.toContain(null)
  ring = [seedOf(5)]
  expect(await rotating.verifyAccessToken(older)).toBeNull()
})

test('a token that has been looked at before ends when it says, and one that differs in a sign is looked at itself', async () => {
  const token = await keys.signAccessToken(viewer, 60)
  const [first, again] = [await keys.verifyAccessToken(token), await keys.verifyAccessToken(token)]
  expect(again).toEqual(first)
  expect(again?.viewer).not.toBe(first?.viewer)
  const [head, body, seal = ''] = token.split('.')
  const other = `${head}.${body}.${seal.startsWith('A') ? 'B' : 'A'}${seal.slice(1)}`
  expect(await keys.verifyAccessToken(other)).toBeNull()
  vi.useFakeTimers({ now: Date.now() + 61_000, toFake: ['Date'] })
  try {
    expect(await keys.verifyAccessToken(token)).toBeNull()
  } finally {
    vi.useRealTimers()
  }
})

test('a keyed hash is of this installation and of one purpose alone', () => {
  const other = openTokenKeys({ tokenKey: new Uint8Array(32).fill(8), fileKey })
  const hashes = [keys.mac('device', 'a'), keys.mac('address', 'a'), keys.mac('device', 'b'), other.mac('device', 'a')]
  expect(new Set(hashes).size).toBe(4)
  expect(keys.mac('device', 'a')).toBe(hashes[0])
  const key = new Uint8Array(hkdfSync('sha256', tokenKey, '', 'passerelle device', 32))
  expect(hashes[0]).toBe(createHmac('sha256', key).update('a').digest('base64url'))
})

test('a token holds as it was signed, and by no other text of the same bytes', async () => {
  const token = await keys.signAccessToken(viewer, 60)
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  // The last character of 64 bytes in base64url carries four bits that decode to nothing.
  for (const digit of digits.replace(token.at(-1) ?? '', ''))
    expect(await keys.verifyAccessToken(token.slice(0, -1) + digit)).toBeNull()
  for (const changed of [`${token}=`, `${token}!`, token.replace('.', '=.'), `${token}.`])
    expect(await keys.verifyAccessToken(changed)).toBeNull()
  expect(await keys.verifyAccessToken(token)).not.toBeNull()
})
