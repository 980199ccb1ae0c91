import { SignJWT, UnsecuredJWT } from 'jose'
import { expect, test } from 'vitest'
import { scopesOf } from '../schema/scopes.ts'
import type { Viewer } from '../schema/viewer.ts'
import { openTokenKeys } from './tokens.ts'

const tokenKey = new Uint8Array(32).fill(1)
const keys = openTokenKeys({ tokenKey, fileKey: new Uint8Array(32).fill(2) })
const viewer: Viewer = {
  organizationId: 'org_a',
  userId: 'usr_a',
  sessionId: 'ses_a',
  keyId: null,
  roles: ['OPERATOR'],
  scopes: scopesOf(['OPERATOR']),
}
const claims = { org: 'org_a', sid: 'ses_a', roles: ['OWNER'], scopes: ['member:manage'] }

function forge(
  key: Uint8Array,
  { typ = 'at+jwt', issuer = 'passerelle', payload = claims as Record<string, unknown> } = {},
): Promise<string> {
  return new SignJWT(payload)
    .setProtectedHeader({ alg: 'HS256', typ })
    .setSubject('usr_a')
    .setIssuer(issuer)
    .setExpirationTime('10m')
    .sign(key)
}

test('a token says who asks, with what rights, and until when', async () => {
  const verified = await keys.verifyAccessToken(await keys.signAccessToken(viewer, 60))
  expect(verified?.viewer).toEqual(viewer)
  expect(verified?.expiresAt.getTime()).toBeGreaterThan(Date.now())
})

test.each([
  ['that has expired', () => keys.signAccessToken(viewer, -1)],
  ['of another key', () => forge(new Uint8Array(32).fill(3))],
  ['signed with the key of file links', () => forge(new Uint8Array(32).fill(2))],
  ['of another kind', () => forge(tokenKey, { typ: 'JWT' })],
  ['of another issuer', () => forge(tokenKey, { issuer: 'somebody' })],
  ['without an organisation', () => forge(tokenKey, { payload: { ...claims, org: undefined } })],
  ['with a role that does not exist', () => forge(tokenKey, { payload: { ...claims, roles: ['KING'] } })],
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
