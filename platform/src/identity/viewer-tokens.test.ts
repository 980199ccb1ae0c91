import { expect, test, vi } from 'vitest'
import { serviceViewer, type Viewer } from '../schema/viewer.ts'
import { openTokenKeys } from './tokens.ts'
import { openViewerTokens } from './viewer-tokens.ts'

const tokenKey = new Uint8Array(32).fill(1)
const tokens = openViewerTokens({ tokenKey })
const viewer: Viewer = {
  organizationId: 'org_a',
  userId: 'usr_a',
  sessionId: 'ses_a',
  keyId: null,
  clientId: null,
  roles: ['OPERATOR'],
  scopes: ['document:read'],
}

test.each([
  ['a person', viewer],
  ['a job', serviceViewer('org_a', ['document:read'])],
  ['nobody', null],
])('a token says that %s asks', async (_who, asker) => {
  expect(await tokens.verify(await tokens.sign(asker))).toEqual(asker)
})

test.each([
  ['of another installation', () => openViewerTokens({ tokenKey: new Uint8Array(32).fill(9) }).sign(viewer)],
  [
    'that is a person’s access token',
    () => openTokenKeys({ tokenKey, fileKey: new Uint8Array(32).fill(2) }).signAccessToken(viewer, 60),
  ],
  ['that is none', async () => 'a.b.c'],
])('a token %s does not hold', async (_what, make) => {
  expect(await tokens.verify(await make())).toBeUndefined()
})

test('a token is no access token', async () => {
  const keys = openTokenKeys({ tokenKey, fileKey: new Uint8Array(32).fill(2) })
  expect(await keys.verifyAccessToken(await tokens.sign(viewer))).toBeNull()
})

test('a token ends after its minute and the difference of two clocks', async () => {
  vi.useFakeTimers({ now: Date.now() })
  try {
    const token = await tokens.sign({ ...viewer })
    vi.setSystemTime(Date.now() + 80_000)
    expect(await tokens.verify(token)).toBeTruthy()
    vi.setSystemTime(Date.now() + 20_000)
    expect(await tokens.verify(token)).toBeUndefined()
  } finally {
    vi.useRealTimers()
  }
})
