import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { newId } from '@passerelle/platform/ids'
import { InvalidInput } from '@passerelle/platform/schema'
import { TooManyAttempts } from '../refusals.ts'
import { signUp } from './sign-up.ts'
import { openTestTenancy, type TestTenancy } from '../tenancy.testing.ts'

let town: TestTenancy

beforeAll(async () => {
  town = await openTestTenancy()
})
afterAll(() => town.close())
afterEach(() => vi.unstubAllEnvs())

test('accounts are opened thirty times from around one network, then slowly, and meanwhile from elsewhere', async () => {
  const person = { password: 'un long mot de passe', name: 'Ada', organizationName: 'Fret Sud' }
  const open = (caller: string) =>
    signUp(town.platform, { ...person, email: `${newId('p')}@exemple.fr` }, caller).then(
      () => 'opened',
      (error: unknown) => (error instanceof TooManyAttempts && error.resetsAt > new Date() ? 'refused' : error),
    )
  const told = await Promise.all(Array.from({ length: 36 }, (_, index) => open(`203.0.113.${index}`)))
  expect(told.filter((answer) => answer === 'opened')).toHaveLength(31)
  expect(told.filter((answer) => answer === 'refused')).toHaveLength(5)
  expect(await open('203.0.114.9')).toBe('opened')
  expect(await open('2001:db8:1:2::9')).toBe('opened')
  await expect(signUp(town.platform, { ...person, email: 'no' }, '203.0.113.1')).rejects.toThrow(InvalidInput)
})

test('no name turns the words around it in letters to others', async () => {
  const { viewer } = await signUp(
    town.platform,
    {
      email: `${newId('p')}@exemple.fr`,
      password: 'un long mot de passe',
      name: '\u202eadA',
      organizationName: 'Fret \u2067Sud',
    },
    undefined,
  )
  const text = '{ viewer { user { name } organization { name } } }'
  expect(await town.client.data(viewer, text)).toEqual({
    viewer: { user: { name: 'adA' }, organization: { name: 'Fret Sud' } },
  })
})

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
