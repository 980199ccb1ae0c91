import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { openTestTenancy, type TestTenancy } from '../tenancy.testing.ts'

let town: TestTenancy

beforeAll(async () => {
  town = await openTestTenancy()
})
afterAll(() => town.close())
afterEach(() => vi.unstubAllEnvs())

test('where the operator opens organisations nobody else does, and who is there logs in as before', async () => {
  const session = await town.signUp()
  const viewer = await town.viewerOf(session)
  vi.stubEnv('PASSERELLE_SIGN_UP', 'off')
  expect(await town.signUp()).toMatchObject({ __typename: 'NotAllowed' })
  const { createOrganization } = await town.client.data<{ createOrganization: { __typename: string } }>(
    viewer,
    'mutation { createOrganization(name: "Une autre") { __typename } }',
  )
  expect(createOrganization.__typename).toBe('NotAllowed')
  expect(await town.refresh(session.refreshToken)).toMatchObject({ __typename: 'Session' })
})
