import { afterAll, beforeAll, expect, test } from 'vitest'
import { accessEnded } from '@passerelle/platform/identity'
import { scopesOf, type Role, type Viewer } from '@passerelle/platform/schema'
import { openTestTenancy, type Session, type TestTenancy } from '../tenancy.testing.ts'

let town: TestTenancy

beforeAll(async () => {
  town = await openTestTenancy()
})

afterAll(() => town.close())

const fields = `__typename ... on Refusal { code ... on InvalidInput { path } }
  ... on Session { accessToken refreshToken viewer { user { id email name } organization { id name } roles scopes } }`

async function act(viewer: Viewer | null, call: string): Promise<Session> {
  return (await town.client.data<{ answer: Session }>(viewer, `mutation { answer: ${call} { ${fields} } }`)).answer
}

const switchTo = (viewer: Viewer | null, id: string) => act(viewer, `switchOrganization(organizationId: "${id}")`)

async function join(organizationId: string, userId: string | null, roles: Role[]): Promise<void> {
  await town.platform.database.asOwner(
    'insert into tenancy.member (organization_id, user_id, roles) values ($1, $2, $3)',
    [organizationId, userId, roles],
  )
}

/** Whether the gateway refuses the token by now. */
async function isRefused({ accessToken }: Session): Promise<boolean> {
  const verified = await town.platform.keys.verifyAccessToken(accessToken)
  return !verified || (await accessEnded(town.platform.coordination, verified))
}

/** Somebody who owns one organisation and is an analyst in another. */
async function commuter() {
  const session = await town.signUp({ organizationName: 'Fret Sud' })
  const viewer = await town.viewerOf(session)
  const host = await town.viewerOf(await town.signUp({ organizationName: 'Clés en main' }))
  await join(host.organizationId, viewer.userId, ['ANALYST'])
  return { session, viewer, host }
}

test('a person sees their organisations, and nobody sees another’s', async () => {
  const { viewer, host } = await commuter()
  const text = '{ viewer { places { organizationId name roles isCurrent } } }'
  expect(await town.client.data(viewer, text)).toEqual({
    viewer: {
      places: [
        { organizationId: host.organizationId, name: 'Clés en main', roles: ['ANALYST'], isCurrent: false },
        { organizationId: viewer.organizationId, name: 'Fret Sud', roles: ['OWNER'], isCurrent: true },
      ],
    },
  })
  expect(await town.client.data(host, text)).toMatchObject({ viewer: { places: [{ name: 'Clés en main' }] } })
  const program: Viewer = { ...viewer, userId: null, sessionId: null, keyId: 'key_1' }
  expect(await town.client.data(program, text)).toEqual({ viewer: { places: [] } })
})

test('going on in another organisation gives its rights alone, and ends what the session before held', async () => {
  const { session, viewer, host } = await commuter()
  const there = await switchTo(viewer, host.organizationId)
  expect(there.viewer).toMatchObject({
    organization: { id: host.organizationId, name: 'Clés en main' },
    roles: ['ANALYST'],
    scopes: scopesOf(['ANALYST']),
  })
  expect(await town.viewerOf(there)).toMatchObject({ organizationId: host.organizationId, userId: viewer.userId })
  expect([await isRefused(session), await isRefused(there)]).toEqual([true, false])
  expect((await town.refresh(session.refreshToken)).__typename).toBe('InvalidCredentials')
  expect(await town.viewerOf(await town.refresh(there.refreshToken))).toMatchObject({
    organizationId: host.organizationId,
    roles: ['ANALYST'],
  })
})

test('nobody goes on where they do not belong, in an organisation that is not there, or after their session has ended', async () => {
  const { session, viewer, host } = await commuter()
  const { organizationId: closed } = await town.viewerOf(await town.signUp())
  for (const id of [closed, 'org_nowhere', '']) expect((await switchTo(viewer, id)).__typename).toBe('NotFound')
  expect((await switchTo(null, host.organizationId)).__typename).toBe('NotAllowed')
  const program: Viewer = { ...viewer, userId: null, sessionId: null, keyId: 'key_1' }
  expect((await switchTo(program, host.organizationId)).__typename).toBe('NotAllowed')
  expect(await isRefused(session)).toBe(false)
  const both = await Promise.all([switchTo(viewer, host.organizationId), switchTo(viewer, host.organizationId)])
  expect(both.map(({ __typename }) => __typename).toSorted()).toEqual(['InvalidCredentials', 'Session'])
})

test('a log-in leads where the person was last, or where they ask to go, and nowhere else', async () => {
  const { session, viewer, host } = await commuter()
  const { email } = session.viewer.user
  const there = await switchTo(viewer, host.organizationId)
  expect((await town.logIn(email, 'un mot de passe')).viewer.organization.id).toBe(there.viewer.organization.id)
  const text = `mutation ($email: String!, $password: String!, $organizationId: ID) {
    logIn(email: $email, password: $password, organizationId: $organizationId) { __typename ... on Session { viewer { organization { id } } } } }`
  const enter = (organizationId: string) =>
    town.client.data(null, text, { email, password: 'un mot de passe', organizationId })
  expect(await enter(viewer.organizationId)).toMatchObject({
    logIn: { viewer: { organization: { id: viewer.organizationId } } },
  })
  const { organizationId: closed } = await town.viewerOf(await town.signUp())
  expect(await enter(closed)).toEqual({ logIn: { __typename: 'InvalidCredentials' } })
})

test('a person opens another organisation and owns it, ten in a day', async () => {
  let viewer = await town.viewerOf(await town.signUp())
  const names: string[] = []
  for (let turn = 0; turn < 10; turn++) {
    const opened = await act(viewer, `createOrganization(name: "  Agence ${turn} ")`)
    names.push(opened.viewer.organization.name)
    expect(opened.viewer.roles).toEqual(['OWNER'])
    viewer = await town.viewerOf(opened)
  }
  expect(names.slice(0, 2)).toEqual(['Agence 0', 'Agence 1'])
  expect((await act(viewer, 'createOrganization(name: "Agence 11")')).__typename).toBe('QuotaExceeded')
  expect(await act(viewer, 'createOrganization(name: " ")')).toMatchObject({
    __typename: 'InvalidInput',
    path: ['name'],
  })
})

test('who leaves goes on elsewhere, and may do nothing there any more; the last owner and who has no other place stay', async () => {
  const { viewer, host } = await commuter()
  expect((await act(viewer, 'leaveOrganization')).__typename).toBe('InvalidInput')
  expect((await act(host, 'leaveOrganization')).__typename).toBe('InvalidInput')
  const there = await switchTo(viewer, host.organizationId)
  const back = await act(await town.viewerOf(there), 'leaveOrganization')
  expect(back.viewer.organization.id).toBe(viewer.organizationId)
  expect(await isRefused(there)).toBe(true)
  expect((await switchTo(await town.viewerOf(back), host.organizationId)).__typename).toBe('NotFound')
  const list = '{ viewer { organization { members { nodes { user { id } } } } } }'
  expect(await town.client.data(host, list)).toEqual({
    viewer: { organization: { members: { nodes: [{ user: { id: host.userId } }] } } },
  })
})

test('logging out everywhere ends the sessions in every organisation of the person', async () => {
  const { session, viewer, host } = await commuter()
  const there = await switchTo(viewer, host.organizationId)
  const back = await town.logIn(session.viewer.user.email, 'un mot de passe')
  const text = 'mutation { logOut(everywhere: true) { __typename } }'
  expect(await town.client.data(await town.viewerOf(back), text)).toEqual({ logOut: { __typename: 'LoggedOut' } })
  expect([await isRefused(there), await isRefused(back)]).toEqual([true, true])
  expect((await town.refresh(there.refreshToken)).__typename).toBe('InvalidCredentials')
})

test('an organisation gets another name from who may set it up, and from nobody else', async () => {
  const owner = await town.viewerOf(await town.signUp({ organizationName: 'Avant' }))
  const rename = (viewer: Viewer, name: string) =>
    town.client.data<{ answer: { __typename: string; name?: string } }>(
      viewer,
      'mutation ($name: String!) { answer: renameOrganization(name: $name) { __typename ... on Organization { name } } }',
      { name },
    )
  expect(await rename(owner, '  Après ')).toEqual({ answer: { __typename: 'Organization', name: 'Après' } })
  expect(await rename(owner, '')).toEqual({ answer: { __typename: 'InvalidInput' } })
  const manager: Viewer = { ...owner, roles: ['MANAGER'], scopes: scopesOf(['MANAGER']) }
  expect(await rename(manager, 'Ailleurs')).toEqual({ answer: { __typename: 'NotAllowed' } })
  expect(await town.client.data(owner, '{ viewer { organization { name } } }')).toEqual({
    viewer: { organization: { name: 'Après' } },
  })
})
