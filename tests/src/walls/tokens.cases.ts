import { createHmac, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openTokenKeys } from '@passerelle/platform/identity'
import { openViewerTokens } from '@passerelle/platform/identity/viewers'
import type { Viewer } from '@passerelle/platform/schema'
import { expect, test } from 'vitest'
import { createApiClient, signUp } from '../client.ts'
import type { Passerelle } from '../passerelle.ts'

const question = '{ viewer { organization { id name } } documents { nodes { id } } }'

/** Who speaks for whom: tokens that are forged, changed, expired, or of a session that has ended. */
export function tokenCases(house: Passerelle): void {
  test('a token that was not given by us, or has been changed or has expired, is refused at both doors', async () => {
    const { token } = await signUp(house.url)
    const bad = await forgeries(house, token ?? '')
    const told = await Promise.all(
      Object.entries(bad).map(
        async ([name, forged]) => [name, await statusOf(house, forged), await closeCodeOf(house, forged)] as const,
      ),
    )
    expect(told.filter(([, status, code]) => status !== 401 || code !== 4403)).toEqual([])
    expect(told.length).toBeGreaterThan(30)
  })

  test('a token of a session that has ended is refused, and what is left of the session cannot be renewed', async () => {
    const client = await signUp(house.url)
    const { logOut } = await client.ask<{ logOut: { __typename: string } }>('mutation { logOut { __typename } }')
    expect(logOut.__typename).toBe('LoggedOut')
    expect(await statusOf(house, client.token ?? '')).toBe(401)
    expect(await closeCodeOf(house, client.token ?? '')).toBe(4403)
  })

  test('a connection ends when its token does', async () => {
    const { token } = await signUp(house.url)
    const keys = await readKeys(house)
    const verified = await keys.verifyAccessToken(token ?? '')
    if (!verified) throw new Error('The token of a sign-up does not hold.')
    expect(await closeCodeOf(house, await keys.signAccessToken(verified.viewer, 2))).toBe(4403)
  })

  test('a refresh token is good once, and using it again ends the session for whoever holds it', async () => {
    const nobody = createApiClient(house.url, null)
    const email = `refresh.${Date.now()}@exemple.fr`
    const fields = '__typename ... on Session { accessToken refreshToken }'
    const first = await nobody.ask<{ signUp: Renewal }>(
      `mutation ($email: String!) { signUp(email: $email, password: "un long mot de passe", name: "Ada", organizationName: "Fret") { ${fields} } }`,
      { email },
    )
    const renew = async (refreshToken: string) =>
      (
        await nobody.ask<{ refreshSession: Renewal }>(
          `mutation ($refreshToken: String!) { refreshSession(refreshToken: $refreshToken) { ${fields} } }`,
          { refreshToken },
        )
      ).refreshSession
    const second = await renew(first.signUp.refreshToken)
    expect(await statusOf(house, second.accessToken)).toBe(200)
    expect((await renew(first.signUp.refreshToken)).__typename).toBe('InvalidCredentials')
    expect(await statusOf(house, second.accessToken)).toBe(401)
    expect((await renew(second.refreshToken)).__typename).toBe('InvalidCredentials')
  })
}

interface Renewal {
  __typename: string
  accessToken: string
  refreshToken: string
}

async function readSecrets(house: Passerelle): Promise<{ tokenKey: Uint8Array; fileKey: Uint8Array }> {
  const kept = JSON.parse(await readFile(join(house.data, 'secrets.json'), 'utf8')) as {
    tokenKey: string
    fileKey: string
  }
  return { tokenKey: Buffer.from(kept.tokenKey, 'base64url'), fileKey: Buffer.from(kept.fileKey, 'base64url') }
}

async function readKeys(house: Passerelle, tokenKey?: Uint8Array) {
  const kept = await readSecrets(house)
  return openTokenKeys({ ...kept, tokenKey: tokenKey ?? kept.tokenKey })
}

/** Names of keys that a careless verifier would look for: in files, in a database, at an address, in its own objects. */
const misleadingNames: unknown[] = [
  '../../../../dev/null',
  '/dev/null',
  "x' union select 'AA",
  'https://example.com/keys.json',
  '__proto__',
  'constructor',
  '',
  '\u0000',
  0,
  null,
  true,
  [],
  ['a'],
  {},
]

async function forgeries(house: Passerelle, token: string): Promise<Record<string, string>> {
  const [header = '', payload = '', signature = ''] = token.split('.')
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const seal = (head: object, body: object, key: string | Uint8Array): string => {
    const text = `${encode(head)}.${encode(body)}`
    return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`
  }
  const viewer: Viewer = {
    organizationId: String(claims.org),
    userId: String(claims.sub),
    sessionId: String(claims.sid),
    roles: ['OWNER'],
    scopes: ['document:read'],
    keyId: null,
    clientId: null,
  }
  const ours = await readKeys(house)
  const head = JSON.parse(Buffer.from(header, 'base64url').toString()) as Record<string, unknown>
  const published = await readPublishedKey(house)
  const elsewhere = { jku: 'https://example.com/jwks.json', x5u: 'https://example.com/chain.pem' }
  return {
    ...Object.fromEntries(
      misleadingNames.flatMap((kid, index) => [
        [`misleadingName${index}`, `${encode({ ...head, kid })}.${payload}.${signature}`],
        [`misleadingNameAndEmptyKey${index}`, seal({ ...head, alg: 'HS256', kid }, claims, '')],
      ]),
    ),
    // What a gateway tells its subgraphs is no way in from outside.
    betweenProcesses: await openViewerTokens(await readSecrets(house)).sign(viewer),
    keyElsewhere: `${encode({ ...head, ...elsewhere })}.${payload}.${signature}`,
    unknownExtension: `${encode({ ...head, crit: ['exp'] })}.${payload}.${signature}`,
    unsignedInCapitals: `${encode({ ...head, alg: 'nOnE' })}.${payload}.`,
    link: Buffer.from(JSON.stringify({ claims: viewer, expiresAt: Date.now() + 60_000 })).toString('base64url'),
    unsigned: `${encode({ alg: 'none', typ: 'at+jwt' })}.${payload}.`,
    unsignedWithSignature: `${encode({ alg: 'none', typ: 'at+jwt' })}.${payload}.${signature}`,
    emptyKey: seal({ alg: 'HS256', typ: 'at+jwt' }, claims, ''),
    otherKey: await (await readKeys(house, randomBytes(32))).signAccessToken(viewer, 600),
    otherAlgorithm: seal({ alg: 'HS512', typ: 'at+jwt' }, claims, randomBytes(32)),
    publishedKeyAsSecret: seal({ ...head, alg: 'HS256' }, claims, Buffer.from(String(published.x), 'base64url')),
    publishedKeyAsText: seal({ ...head, alg: 'HS256' }, claims, JSON.stringify(published)),
    otherName: `${encode({ ...head, kid: 'nobody' })}.${payload}.${signature}`,
    noName: `${encode({ ...head, kid: undefined })}.${payload}.${signature}`,
    otherKind: `${encode({ ...head, typ: 'JWT' })}.${payload}.${signature}`,
    ownKey: seal({ alg: 'HS256', typ: 'at+jwt', jwk: { kty: 'oct', k: 'bWluZQ' } }, claims, 'mine'),
    otherOrganization: `${header}.${encode({ ...claims, org: 'org_00000000000000000000000000000000' })}.${signature}`,
    longerLife: `${header}.${encode({ ...claims, exp: 4_000_000_000 })}.${signature}`,
    expired: await ours.signAccessToken(viewer, -1),
    cut: token.slice(0, -3),
    word: 'word',
    empty: 'a..b',
    twice: `${token}.${token}`,
  }
}

/** The key with which everybody may check our tokens, as the house publishes it. */
async function readPublishedKey(house: Passerelle): Promise<Record<string, unknown>> {
  const answer = await fetch(`${house.url}/.well-known/jwks.json`)
  const { keys } = (await answer.json()) as { keys: Record<string, unknown>[] }
  if (!keys[0]) throw new Error('The house publishes no key.')
  return keys[0]
}

async function statusOf(house: Passerelle, token: string): Promise<number> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  return (await fetch(`${house.url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query: question }) }))
    .status
}

/** The code with which a connection that shows this token is closed. */
function closeCodeOf(house: Passerelle, token: string): Promise<number> {
  const socket = createApiClient(house.url, token).socket()
  return new Promise((resolve) => {
    socket.on('closed', (event) => resolve((event as { code: number }).code))
    socket.subscribe({ query: 'subscription { documentsChanged { id } }' }, { next() {}, error() {}, complete() {} })
  })
}
