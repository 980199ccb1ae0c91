import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createAppRole, findUnfitness } from './roles.ts'
import { createTestDatabase, type TestDatabase } from './testing.ts'

let database: TestDatabase
const made: string[] = []
const newRole = (): string => made[made.push(`test_${randomBytes(6).toString('hex')}`) - 1] ?? ''

beforeAll(async () => {
  database = await createTestDatabase()
})

afterAll(async () => {
  for (const role of made) await database.asOwner(`drop role if exists ${role}`)
  await database.drop()
})

test('a role that is made is plain, may do what the application does, and its password stands nowhere in the clear', async () => {
  const user = newRole()
  await createAppRole(database.owner, { user, password: 'un secret' })
  expect(await findUnfitness({ ...database.owner, user, password: 'un secret' })).toBeNull()
  const [kept] = await database.asOwner<{ secret: string }>(
    'select rolpassword as secret from pg_authid where rolname = $1',
    [user],
  )
  expect(kept?.secret).toMatch(/^SCRAM-SHA-256\$4096:/)
})

test('a role that is there keeps its password, and is made a member', async () => {
  const user = newRole()
  await database.asOwner(`create role ${user} login password 'premier'`)
  const secret = 'select rolpassword from pg_authid where rolname = $1'
  const before = await database.asOwner(secret, [user])
  expect(await findUnfitness({ ...database.owner, user, password: 'premier' })).toMatch(
    'not a member of passerelle_app',
  )
  await createAppRole(database.owner, { user, password: 'second' })
  await createAppRole(database.owner, { user, password: 'second' })
  expect(await database.asOwner(secret, [user])).toEqual(before)
  expect(await findUnfitness({ ...database.owner, user, password: 'premier' })).toBeNull()
})

test('an owner who may not make roles is told what to ask for', async () => {
  const plain = newRole()
  await database.asOwner(`create role ${plain} login password 'plain'`)
  await expect(
    createAppRole({ ...database.owner, user: plain, password: 'plain' }, { user: newRole(), password: 'x' }),
  ).rejects.toThrow(/may not create roles.*create role test_/)
})

test('whom row security does not bind is found unfit', async () => {
  expect(await findUnfitness(database.owner)).toBe('logs in as a role that bypasses row security')
  const owner = newRole()
  await database.asOwner(`create role ${owner} login password 'owner'`)
  const name = `test_${randomBytes(6).toString('hex')}`
  await database.asOwner(`create database ${name} owner ${owner}`)
  const own = new pg.Client({ ...database.owner, database: name, user: owner, password: 'owner' })
  await own.connect()
  await own.query('create schema platform; create table platform.migration (name text)')
  await own.end()
  expect(await findUnfitness({ ...database.owner, database: name, user: owner, password: 'owner' })).toBe(
    'logs in as the owner of the tables, whom row security does not bind',
  )
  await database.asOwner(`drop database ${name} with (force)`)
})
