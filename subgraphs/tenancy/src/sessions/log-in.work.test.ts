import type argon2 from '@node-rs/argon2'
import type { Sql } from '@passerelle/platform/sql'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { InvalidCredentials } from '../refusals.ts'
import { openTestTenancy, type TestTenancy } from '../tenancy.testing.ts'
import { logIn } from './log-in.ts'

const { hashed } = vi.hoisted(() => ({ hashed: [] as string[] }))
vi.mock('@node-rs/argon2', async (original) => {
  const real = await original<typeof argon2>()
  return {
    ...real,
    verify(hash: string, password: string) {
      // The function and its cost, without salt and hash.
      hashed.push(hash.split('$').slice(0, 4).join('$'))
      return real.verify(hash, password)
    },
  }
})

let town: TestTenancy
beforeAll(async () => {
  town = await openTestTenancy()
})
afterAll(() => town.close())

/** A try with a wrong password: what was hashed for it, and how often the database was asked. */
async function workFor(email: string): Promise<{ hashed: string[]; asked: string[] }> {
  hashed.length = 0
  const asked: string[] = []
  const sql: Sql = {
    ...town.platform.sql,
    query(text, values) {
      asked.push('query')
      return town.platform.sql.query(text, values)
    },
    withOrganization(scope, work) {
      asked.push('withOrganization')
      return town.platform.sql.withOrganization(scope, work)
    },
  }
  const input = { email, password: 'un mauvais mot de passe' }
  await expect(logIn({ ...town.platform, sql }, input, '203.0.113.7')).rejects.toThrow(InvalidCredentials)
  return { hashed: [...hashed], asked }
}

test('a log-in with an address that nobody has costs one hash of the same function, and as many questions, as one with a wrong password', async () => {
  const { viewer } = await town.signUp({ password: 'le bon mot de passe' })
  const unknown = await workFor('personne@exemple.fr')
  expect(unknown.hashed).toEqual([expect.stringMatching(/^\$argon2id\$v=19\$m=\d+,t=\d+,p=\d+$/)])
  expect(await workFor(viewer.user.email)).toEqual(unknown)
})
