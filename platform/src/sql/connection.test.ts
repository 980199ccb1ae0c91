import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { toConnection } from './connection.ts'

let folder: string
let ca: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passerelle-connection-'))
  ca = join(folder, 'ca.pem')
  await writeFile(ca, 'a certificate')
})
afterAll(() => rm(folder, { recursive: true }))

test('an address says where, as whom, and with what password; what is encoded in it is decoded', () => {
  expect(toConnection('postgresql://l%C3%A9a:p%40ss@db.example:6543/ma%20base')).toEqual({
    host: 'db.example',
    port: 6543,
    user: 'léa',
    password: 'p@ss',
    database: 'ma base',
    application_name: 'passerelle',
  })
})

test('a password given beside the address fills in for one that it leaves out, and replaces none', () => {
  expect(toConnection('postgres://app@db/p', { password: 'given' })).toMatchObject({ password: 'given', port: 5432 })
  expect(toConnection('postgres://app:own@db/p', { password: 'given' })).toMatchObject({ password: 'own' })
  expect(toConnection('postgres://app@db/p')).not.toHaveProperty('password')
})

test('a folder is the place of a Unix socket', () => {
  expect(toConnection('postgresql:///p?host=/run/postgresql&user=app')).toMatchObject({
    host: '/run/postgresql',
    user: 'app',
  })
})

describe('sslmode', () => {
  const tls = (query: string) => toConnection(`postgresql://app@db/p?${query}`).ssl
  it('is off unless it is asked for', () => {
    expect(toConnection('postgresql://app@db/p')).not.toHaveProperty('ssl')
    expect(toConnection('postgresql://app@db/p?sslmode=disable')).not.toHaveProperty('ssl')
  })
  it('verify-full verifies the certificate and its name', () => {
    expect(tls('sslmode=verify-full')).toEqual({ rejectUnauthorized: true })
    expect(tls(`sslmode=verify-full&sslrootcert=${ca}`)).toEqual({ rejectUnauthorized: true, ca: 'a certificate' })
  })
  it('verify-ca verifies the certificate, not its name', () => {
    expect(tls(`sslmode=verify-ca&sslrootcert=${ca}`)).toMatchObject({
      rejectUnauthorized: true,
      checkServerIdentity: expect.any(Function),
    })
  })
  it('require encrypts, and verifies when there is something to verify with', () => {
    expect(tls('sslmode=require')).toMatchObject({ rejectUnauthorized: false })
    expect(tls(`sslmode=require&sslrootcert=${ca}`)).toMatchObject({ rejectUnauthorized: true })
  })
})

test.each([
  ['mysql://app@db/p', 'is not a postgresql:// address'],
  ['db', 'is not a postgresql:// address'],
  ['postgresql://db/p', 'names no user'],
  ['postgresql:///p?user=app', 'names no host'],
  ['postgresql://app@db', 'names no database'],
  ['postgresql://app@db/p?sslmode=perhaps', 'has an sslmode that is none of disable, require, verify-ca, verify-full'],
  ['postgresql://app@db/p?sslmode=verify-ca', 'has sslmode=verify-ca and no sslrootcert to verify with'],
  [
    'postgresql://app@db/p?sslmode=require&sslrootcert=/none',
    'names a file for sslrootcert that cannot be read: /none',
  ],
  ['postgresql://app@db/p?statement_timeout=1', 'has a parameter that is not known here: statement_timeout'],
])('the address %s is refused in a sentence', (address, sentence) => {
  expect(() => toConnection(address)).toThrow(sentence)
})
