import { beforeEach, expect, it } from 'vitest'
import { keeper } from '@/api/keeper'
import { goOnIn } from './go-on-in'

const sessionOf = (sub: string, org: string) => ({
  accessToken: `a.${btoa(JSON.stringify({ org, sub, roles: [], scopes: [] }))}.x`,
  refreshToken: `${sub} in ${org}`,
  expiresAt: new Date(Date.now() + 600_000).toISOString(),
})

beforeEach(() => keeper.close('left'))

it('a person goes on in another organisation', () => {
  keeper.open(sessionOf('usr_a', 'org_1'))
  goOnIn(sessionOf('usr_a', 'org_2'))
  expect(keeper.current()?.refreshToken).toBe('usr_a in org_2')
})

it('the way to another organisation ends where the person logs out, and takes nobody else along', () => {
  goOnIn(sessionOf('usr_a', 'org_2'))
  expect(keeper.current()).toBeUndefined()
  keeper.open(sessionOf('usr_b', 'org_1'))
  goOnIn(sessionOf('usr_a', 'org_2'))
  expect(keeper.current()?.refreshToken).toBe('usr_b in org_1')
})
