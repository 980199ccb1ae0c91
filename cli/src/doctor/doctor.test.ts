import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTestS3, testCredentials } from '@passerelle/platform/blobs/testing'
import { createLog } from '@passerelle/platform/log'
import { createTestDatabase, type TestDatabase } from '@passerelle/platform/sql/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { clockFinding, describeClock } from './clock.ts'
import { engineFindings } from './engines.ts'
import { machineFindings } from './machine.ts'
import { look, toEnv } from './doctor.testing.ts'
import { migrationSets, queues } from '../subgraphs.ts'

const log = createLog({ name: 'test', level: 'silent' })
let folder: string
let data: string
const envOf = (source: Record<string, string>) => toEnv({ PASSERELLE_DATA: data, ...source })

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passerelle-doctor-'))
  data = join(folder, 'data')
  await mkdir(data, { mode: 0o700 })
})
afterAll(() => rm(folder, { recursive: true }))

test('says who else can read the data folder and the secrets, and how to close them', async () => {
  const ask = (about: string, source = {}) => look(machineFindings(envOf(source)), about)
  const password = join(folder, 'password')
  await writeFile(password, 'secret', { mode: 0o600 })
  await writeFile(join(data, 'secrets.json'), '{}', { mode: 0o600 })
  expect(await ask('Data folder')).toBe(`${data}, not in use`)
  expect(await ask('Secrets', { SQL_URL: 'postgres://a@b/c', SQL_PASSWORD_FILE: password })).toBe(
    `only this account can read ${join(data, 'secrets.json')}, ${password}`,
  )
  await chmod(data, 0o711)
  expect(await ask('Data folder')).toBe(`${data}, not in use`)
  await chmod(data, 0o755)
  await chmod(join(data, 'secrets.json'), 0o644)
  expect(await ask('Data folder')).toBe(`✗ ${data} can be read by others of this machine: chmod 700 ${data}`)
  expect(await ask('Secrets')).toBe(`✗ others of this machine can read them: chmod 600 ${join(data, 'secrets.json')}`)
  await chmod(data, 0o700)
  expect(await ask('Secrets')).toContain('only this account')
  const shared = join(folder, 'shared.json')
  expect(await ask('Secrets', { PASSERELLE_SECRETS: shared })).toContain(`✗ ${shared} is not there: make it with`)
})

test('says of a data folder that is not there yet whether the first start can make it', async () => {
  const ask = (path: string) => look(machineFindings(envOf({ PASSERELLE_DATA: path })), 'Data folder')
  const fresh = join(folder, 'new', 'data')
  expect(await ask(fresh)).toBe(`${fresh} does not exist yet; the first start makes it`)
  const file = join(folder, 'file')
  await writeFile(file, '')
  expect(await ask(join(file, 'data'))).toBe(
    `✗ ${join(file, 'data')} cannot be made by this account: make it as another, and chown it to this one`,
  )
})

test('says where erasures are listed, and when they cannot be', async () => {
  const ask = (source = {}) => look(machineFindings(envOf(source)), 'Erasures')
  expect(await ask()).toBe(
    `listed in ${join(data, 'erasures.jsonl')}; keep it with the master key, apart from the backups`,
  )
  const shared = join(folder, 'shared', 'erasures.jsonl')
  expect(await ask({ PASSERELLE_ERASURES: shared })).toContain(`listed in ${shared};`)
  const file = join(folder, 'a file')
  await writeFile(file, '')
  expect(await ask({ PASSERELLE_ERASURES: join(file, 'erasures.jsonl') })).toContain(
    `✗ ${join(file, 'erasures.jsonl')} cannot be written by this account: chown its folder`,
  )
})

test('says which proxies are believed, and asks for one that may not be', async () => {
  const ask = (source = {}) => look(machineFindings(envOf(source)), 'Proxies')
  expect(await ask()).toBe(
    'those of this machine alone are believed when they say who asks (PASSERELLE_PROXIES names others)',
  )
  const open = { PASSERELLE_HOST: '0.0.0.0', PASSERELLE_URL: 'https://passerelle.example.fr' }
  expect(await ask(open)).toContain(
    'what answers at https://passerelle.example.fr is another machine, name it in PASSERELLE_PROXIES',
  )
  expect(await ask({ ...open, PASSERELLE_PROXIES: '10.1.0.2,10.2.0.0/16' })).toBe(
    '10.1.0.2/32, 10.2.0.0/16 are believed when they say who asks',
  )
})

test('says which clock is wrong by how much, and is content with what an answer takes', () => {
  const now = new Date('2026-11-20T10:00:00Z')
  expect(describeClock([], now)).toBe('2026-11-20T10:00:00.000Z')
  const [sql, redis] = [
    { name: 'PostgreSQL', skewMs: 4_900 },
    { name: 'Redis', skewMs: 0 },
  ]
  expect(describeClock([sql, redis], now)).toBe('2026-11-20T10:00:00.000Z, as PostgreSQL and Redis have it')
  const wrong = [
    { name: 'PostgreSQL', skewMs: 61_000 },
    { name: 'Redis', skewMs: -7_400 },
  ]
  expect(() => describeClock(wrong, now)).toThrow(
    "PostgreSQL's clock is 61 s ahead of this machine's, and Redis's clock is 7 s behind this machine's: ",
  )
})

test('says that messages would lead nowhere', async () => {
  const mail = { SMTP_URL: 'smtp://127.0.0.1:1', MAIL_FROM: 'Passerelle <a@example.com>' }
  const ask = (source: Record<string, string>) => look(engineFindings(envOf(source), log), 'Mail')
  expect(await ask(mail)).toContain('✗ SMTP_URL is set and PASSERELLE_URL is not')
  expect(await ask({ ...mail, PASSERELLE_URL: 'https://passerelle.example.com' })).toContain('does not take us')
})

test('says whether a bucket takes files', async () => {
  const bucket = await startTestS3({ folder: join(folder, 's3'), bucket: 'files' })
  const ask = (name: string) =>
    look(
      engineFindings(
        envOf({
          BLOBS_URL: `s3://${name}?endpoint=${bucket.endpoint}`,
          BLOBS_ACCESS_KEY_ID: testCredentials.accessKeyId,
          BLOBS_SECRET_ACCESS_KEY: testCredentials.secretAccessKey,
        }),
        log,
      ),
      'Files',
    )
  expect(await ask('files')).toMatch(/^the bucket files at .* answers, and takes files$/)
  expect(await ask('others')).toContain('The key has to list the bucket, and to get, put and delete objects in it')
  await bucket.close()
})

test('says of a database what is missing there: migrations, rights, and walls', async () => {
  const bare = await createTestDatabase()
  const database = await createTestDatabase(migrationSets, queues)
  const ask = (asked: TestDatabase, source = {}) =>
    look(engineFindings(envOf({ SQL_URL: toUrl(asked, 'passerelle_app'), ...source }), log), 'Database')
  expect(await ask(bare)).toMatch(/^✗ waits for tenancy\/0001.*: run passerelle migrate$/)
  const owner = toUrl(database)
  expect(await ask(database, { SQL_OWNER_URL: owner })).toMatch(/^PostgreSQL \S+ answers, \d+ migrations applied, at /)
  expect(await ask(database, { SQL_URL: owner })).toContain('✗ SQL_URL logs in as a role that bypasses row security')
  expect(await ask(database, { SQL_OWNER_URL: toUrl(database, 'passerelle_app') })).toContain(
    '✗ SQL_OWNER_URL does not own the tables',
  )
  await database.asOwner('alter table documents.document no force row level security')
  expect(await ask(database)).toContain('✗ row security was taken off documents.document')
  await database.asOwner('alter table documents.document force row level security')
  await database.asOwner('alter table platform.audit_entry disable trigger append_only')
  expect(await ask(database)).toContain('✗ the audit log is not guarded against changes: The trigger append_only on')
  await database.asOwner('alter table platform.audit_entry enable trigger append_only')
  await database.asOwner('revoke usage on schema memory from passerelle_app')
  expect(await ask(database)).toContain('✗ the plain role may not use memory')
  expect(await look([clockFinding(envOf({ SQL_URL: owner }), log)], 'Clock')).toMatch(/, as PostgreSQL has it$/)
  await Promise.all([bare.drop(), database.drop()])
})

function toUrl({ owner, listen }: TestDatabase, user?: string): string {
  const { host = '', port, database, password } = owner
  const name = user ?? String(owner.user)
  const secret = user || typeof password !== 'string' ? '' : `:${password}`
  return host.startsWith('/')
    ? `postgres:///${database}?host=${encodeURIComponent(host)}&user=${name}`
    : `postgres://${name}${secret}@${listen.host}:${port}/${database}`
}

test('says whether the master key is there, is the one that is needed, and where it belongs', async () => {
  const ask = (source = {}) => look(engineFindings(envOf(source), log), 'Master key')
  const key = Buffer.alloc(32, 5).toString('base64url')
  expect(await ask()).toBe('not made yet; the first start makes it')
  expect(await ask({ PASSERELLE_MASTER_KEY: key })).toContain('PASSERELLE_MASTER_KEY opens what is sealed')
  const url = 'http://127.0.0.1:9/v1/transit/keys/passerelle'
  expect(await ask({ PASSERELLE_MASTER_KEY_URL: url, PASSERELLE_MASTER_KEY_TOKEN: 'x' })).toContain(
    '✗ the key server at 127.0.0.1:9 cannot be used',
  )
  await writeFile(join(data, 'master.key'), 'nonsense', { mode: 0o600 })
  expect(await ask()).toContain('master.key is damaged')
  await writeFile(join(data, 'master.key'), `${key}\n`, { mode: 0o600 })
  expect(await ask()).toContain(`${join(data, 'master.key')} opens what is sealed`)
  await rm(join(data, 'master.key'))
})
