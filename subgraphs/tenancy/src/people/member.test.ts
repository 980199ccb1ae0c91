import { afterAll, beforeAll, expect, test } from 'vitest'
import { scopesOf, type Viewer } from '@passerelle/platform/schema'
import { openTestTenancy, type TestTenancy } from '../tenancy.testing.ts'

let town: TestTenancy

beforeAll(async () => {
  town = await openTestTenancy()
})

afterAll(() => town.close())

test('members are those of the organisation; the last owner stays owner; only an owner makes owners', async () => {
  const session = await town.signUp()
  const viewer = await town.viewerOf(session)
  const stranger = await town.viewerOf(await town.signUp())
  const list = `{ viewer { organization { members { totalCount nodes { user { id } roles } } } } }`
  const { data } = await town.client.ask<{ viewer: { organization: { members: object } } }>(viewer, list)
  expect(data.viewer.organization.members).toEqual({
    totalCount: 1,
    nodes: [{ user: { id: viewer.userId }, roles: ['OWNER'] }],
  })
  const change = `mutation ($input: ChangeMemberRolesInput!) { changeMemberRoles(input: $input) { __typename ... on InvalidInput { path } ... on Member { roles } } }`
  const lastOwner = await town.client.ask(viewer, change, { input: { userId: viewer.userId, roles: ['VIEWER'] } })
  expect(lastOwner.data).toEqual({ changeMemberRoles: { __typename: 'InvalidInput', path: ['roles'] } })
  const foreign = await town.client.ask(stranger, change, { input: { userId: viewer.userId, roles: ['VIEWER'] } })
  expect(foreign.data).toEqual({ changeMemberRoles: { __typename: 'NotFound' } })
  const manager: Viewer = { ...viewer, roles: ['ADMIN'], scopes: scopesOf(['ADMIN']) }
  const unmake = await town.client.ask(manager, change, { input: { userId: viewer.userId, roles: ['ADMIN'] } })
  expect(unmake.data).toEqual({ changeMemberRoles: { __typename: 'NotAllowed' } })
  const driver: Viewer = { ...viewer, roles: ['DRIVER'], scopes: scopesOf(['DRIVER']) }
  const notManager = await town.client.ask(driver, change, { input: { userId: viewer.userId, roles: ['OWNER'] } })
  expect(notManager.data).toEqual({ changeMemberRoles: { __typename: 'NotAllowed' } })
})
test('of two owners who unmake each other at the same moment one stays owner', async () => {
  const change = `mutation ($input: ChangeMemberRolesInput!) { changeMemberRoles(input: $input) { __typename } }`
  for (let turn = 0; turn < 10; turn++) {
    const viewer = await town.viewerOf(await town.signUp())
    const { userId: guest } = await town.viewerOf(await town.signUp())
    const other: Viewer = { ...viewer, userId: guest }
    await town.platform.database.asOwner(
      `insert into tenancy.member (organization_id, user_id, roles) values ($1, $2, '{OWNER}')`,
      [viewer.organizationId, guest],
    )
    const answers = await Promise.all(
      [
        [viewer, guest],
        [other, viewer.userId],
      ].map(([asker, userId]) =>
        town.client.data<{ changeMemberRoles: { __typename: string } }>(asker as Viewer, change, {
          input: { userId, roles: ['VIEWER'] },
        }),
      ),
    )
    // Whoever comes second is no owner any more.
    expect(answers.map(({ changeMemberRoles }) => changeMemberRoles.__typename).toSorted()).toEqual([
      'Member',
      'NotAllowed',
    ])
  }
})

test('who may not see the members sees nobody but themselves, whatever points to a person', async () => {
  const owner = await town.viewerOf(await town.signUp())
  const driver = await town.viewerOf(await town.signUp())
  const guest: Viewer = {
    ...driver,
    organizationId: owner.organizationId,
    roles: ['DRIVER'],
    scopes: scopesOf(['DRIVER']),
  }
  await town.platform.database.asOwner(
    `insert into tenancy.member (organization_id, user_id, roles) values ($1, $2, '{DRIVER}')`,
    [owner.organizationId, guest.userId],
  )
  const people = async (viewer: Viewer) => {
    const text = `query ($people: [_Any!]!) { _entities(representations: $people) { ... on User { id } } }`
    const ids = [owner.userId, guest.userId]
    const { _entities: found } = await town.client.data<{ _entities: ({ id: string } | null)[] }>(viewer, text, {
      people: ids.map((id) => ({ __typename: 'User', id })),
    })
    return found.map((user) => user?.id ?? null)
  }
  expect(await people(owner)).toEqual([owner.userId, guest.userId])
  expect(await people(guest)).toEqual([null, guest.userId])
})
