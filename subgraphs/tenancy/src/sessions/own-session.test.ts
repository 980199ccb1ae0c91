import { afterAll, beforeAll, expect, test } from 'vitest'
import { revokedSessionKey } from '@passerelle/platform/identity'
import type { Viewer } from '@passerelle/platform/schema'
import { logIn } from './log-in.ts'
import { openTestTenancy, type TestTenancy } from '../tenancy.testing.ts'

let town: TestTenancy

beforeAll(async () => {
  town = await openTestTenancy()
})

afterAll(() => town.close())

const password = 'le bon mot de passe'

interface Listed {
  id: string
  device: string | null
  network: string | null
  isCurrent: boolean
  organizationName: string
}

async function list(viewer: Viewer): Promise<Listed[]> {
  const text = '{ viewer { sessions { id device network isCurrent organizationName startedAt lastUsedAt } } }'
  return (await town.client.data<{ viewer: { sessions: Listed[] } }>(viewer, text)).viewer.sessions
}

async function act(viewer: Viewer | null, call: string): Promise<{ __typename: string; count?: number }> {
  const text = `mutation { answer: ${call} { __typename ... on SessionsEnded { count } } }`
  return (await town.client.data<{ answer: { __typename: string; count?: number } }>(viewer, text)).answer
}

function isEnded({ organizationId, sessionId }: Viewer): Promise<boolean> {
  return town.platform.coordination.memory
    .get(organizationId, revokedSessionKey(sessionId ?? ''))
    .then((value) => value === '1')
}

/** Somebody with a session of a phone beside that of their sign-up. */
async function onTwoDevices() {
  const first = await town.signUp({ password, organizationName: 'Fret Sud' })
  const { email } = first.viewer.user
  const phone = await logIn(
    town.platform,
    { email, password, device: { name: '  Safari · iPhone ' } },
    '2001:db8:7:8::1',
  )
  return { first, phone, viewer: await town.viewerOf(first), email }
}

test('a person sees their open sessions with device and network, and which one this is; nobody else sees them', async () => {
  const { phone, viewer } = await onTwoDevices()
  const sessions = await list(viewer)
  expect(sessions).toHaveLength(2)
  expect(sessions.find(({ isCurrent }) => !isCurrent)).toMatchObject({
    id: phone.viewer.sessionId,
    device: 'Safari · iPhone',
    network: '2001:db8:7::/48',
    organizationName: 'Fret Sud',
  })
  expect(sessions.find(({ isCurrent }) => isCurrent)?.id).toBe(viewer.sessionId)
  const stranger = await town.viewerOf(await town.signUp())
  expect((await list(stranger)).map(({ id }) => id)).toEqual([stranger.sessionId])
})

test('one session is ended by itself, once, and by its person alone', async () => {
  const { phone, viewer } = await onTwoDevices()
  const stranger = await town.viewerOf(await town.signUp())
  const call = `endSession(id: "${phone.viewer.sessionId}")`
  expect((await act(stranger, call)).__typename).toBe('NotFound')
  expect((await act({ ...stranger, organizationId: viewer.organizationId }, call)).__typename).toBe('NotFound')
  expect(await isEnded(phone.viewer)).toBe(false)
  expect(await act(viewer, call)).toEqual({ __typename: 'SessionsEnded', count: 1 })
  expect([await isEnded(phone.viewer), await isEnded(viewer)]).toEqual([true, false])
  expect((await town.refresh(phone.refreshToken)).__typename).toBe('InvalidCredentials')
  expect((await act(viewer, call)).__typename).toBe('NotFound')
  expect((await list(viewer)).map(({ id }) => id)).toEqual([viewer.sessionId])
})

test('all other sessions are ended at once, and this one stays', async () => {
  const { first, phone, viewer, email } = await onTwoDevices()
  const third = await town.logIn(email, password)
  expect(await act(viewer, 'endOtherSessions')).toEqual({ __typename: 'SessionsEnded', count: 2 })
  expect([await isEnded(phone.viewer), await isEnded(await town.viewerOf(third)), await isEnded(viewer)]).toEqual([
    true,
    true,
    false,
  ])
  expect((await town.refresh(first.refreshToken)).__typename).toBe('Session')
})

test('a program has no sessions and ends none, and nobody does', async () => {
  const { viewer } = await onTwoDevices()
  const program: Viewer = { ...viewer, userId: null, sessionId: null, keyId: 'key_1' }
  expect(await list(program)).toEqual([])
  for (const call of [`endSession(id: "${viewer.sessionId}")`, 'endOtherSessions']) {
    expect((await act(program, call)).__typename).toBe('NotAllowed')
    expect((await act(null, call)).__typename).toBe('NotAllowed')
  }
  expect(await isEnded(viewer)).toBe(false)
})

test('a log-in from a device and network that are new is told to the person by mail, and the next from there is not', async () => {
  const { viewer, email } = await onTwoDevices()
  const told = async () => {
    const { nodes } = await town.platform.mail.kept(viewer, { first: 20, after: null })
    return nodes.filter(({ subject }) => subject.startsWith('Nouvelle connexion'))
  }
  expect(await told()).toHaveLength(1)
  expect((await told())[0]).toMatchObject({ to: email, text: expect.stringContaining('Safari · iPhone') })
  await logIn(town.platform, { email, password, device: { name: 'Safari · iPhone' } }, '2001:db8:7:9::2')
  expect(await told()).toHaveLength(1)
  const desk = { email, password, device: { name: 'Firefox · Linux' } }
  const { deviceToken } = await logIn(town.platform, desk, '203.0.113.7')
  expect(await told()).toHaveLength(2)
  await logIn(town.platform, { ...desk, device: { name: 'Firefox · Linux', token: deviceToken } }, '198.51.100.9')
  expect(await told()).toHaveLength(2)
})

test('what a token carries is the version of its member’s rights', async () => {
  const session = await town.signUp()
  const verified = await town.platform.keys.verifyAccessToken(session.accessToken)
  const { organizationId, userId } = await town.viewerOf(session)
  const [row] = await town.platform.database.asOwner<{ rights_version: number }>(
    'select rights_version from tenancy.member where organization_id = $1 and user_id = $2',
    [organizationId, userId],
  )
  expect(verified?.rightsVersion).toBe(row?.rights_version)
})
