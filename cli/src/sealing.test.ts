import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newId } from '@passerelle/platform/ids'
import { createLog } from '@passerelle/platform/log'
import { openErasureLedger, type ErasureEntry } from '@passerelle/platform/privacy/ledger'
import { openSealing } from '@passerelle/platform/sealing'
import { createTestDatabase, type TestDatabase } from '@passerelle/platform/sql/testing'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { readEnv, type Env } from './env/env.ts'
import { erasuresFile } from './erasures.ts'
import { runSealing } from './sealing.ts'
import { masterKeyFile, openMasterKey, readMasterKeyFile, whileMasterKeyChanges } from './secrets/master-key.ts'

const log = createLog({ name: 'test', level: 'silent' })
let database: TestDatabase
let folder: string
let env: Env

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passerelle-sealing-'))
  const read = readEnv({ PASSERELLE_DATA: folder })
  if ('faults' in read) throw new Error(read.faults.join())
  env = { ...read.env, sql: database }
  vi.spyOn(console, 'log').mockImplementation(() => {})
})
afterEach(async () => {
  vi.restoreAllMocks()
  await database.asOwner('delete from platform.data_key', [])
  await rm(folder, { recursive: true, force: true })
})

const openNow = async () => openSealing({ sql: database.sql, master: await openMasterKey(env, database.sql) })

const entryOf = (id: string): ErasureEntry => ({
  id,
  organizationId: 'org_a',
  kind: 'PERSON',
  subject: { userId: null, emails: [`${id}@exemple.fr`], phones: [], names: [], entityIds: [] },
  choice: 'DELETE_DOCUMENTS',
  at: new Date(),
})

test('two runs at once that each make a master key lose none, and everything opens with the last one', async () => {
  const place = { table: 'a.note', column: 'text', row: 'row_1' }
  const organizations = Array.from({ length: 20 }, () => newId('org'))
  const before = await openNow()
  const closed = new Map<string, string>()
  for (const id of organizations) closed.set(id, (await before.keysOf(id)).seal(place, `note of ${id}`))
  await openErasureLedger({ file: erasuresFile(env), sealing: before }).add(entryOf('ers_1'))
  await Promise.all([runSealing(env, log, 'master'), runSealing(env, log, 'master'), runSealing(env, log, 'master')])
  expect(await readMasterKeyFile(masterKeyFile(env))).toHaveLength(4)
  const after = await openNow()
  for (const [id, value] of closed) expect((await after.keysOf(id)).open(place, value)).toBe(`note of ${id}`)
  const ledger = openErasureLedger({ file: erasuresFile(env), sealing: after })
  expect((await ledger.list()).map(({ subject }) => subject?.emails)).toEqual([['ers_1@exemple.fr']])
  // The keys of before are needed for nothing that is here.
  const masters = await database.sql.query<{ master: string }>('select distinct master from platform.master_keys()')
  expect(masters).toEqual([{ master: (await openMasterKey(env, database.sql)).id }])
  expect((await readdir(folder)).filter((name) => /\.(lock|new)/.test(name))).toEqual([])
  expect((await stat(masterKeyFile(env))).mode & 0o777).toBe(0o600)
})

/** Makes a new key in a process of its own and stops in the middle of what follows. */
const changing = `
import { whileMasterKeyChanges } from ${JSON.stringify(new URL('secrets/master-key.ts', import.meta.url).href)}
await whileMasterKeyChanges(process.argv[1], async () => {
  process.send('changing')
  await new Promise((resolve) => process.on('message', resolve))
})
process.disconnect()
`

async function startChanging(file: string): Promise<ChildProcess> {
  const given = ['--input-type=module', '-e', changing, file]
  const child = spawn(process.execPath, given, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  await once(child, 'message')
  return child
}

test('a run waits for the other one, and a kill of it leaves both keys and no lock that holds', async () => {
  await openMasterKey(env, database.sql)
  const file = masterKeyFile(env)
  const other = await startChanging(file)
  const made = await readFile(file, 'utf8')
  let begun = false
  const mine = whileMasterKeyChanges(file, async () => {
    begun = true
    return readFile(file, 'utf8')
  })
  await vi.waitFor(async () => expect((await stat(`${file}.lock`)).isFile()).toBe(true))
  expect([begun, await readFile(file, 'utf8')]).toEqual([false, made])
  const ended = once(other, 'exit')
  other.kill('SIGKILL')
  await ended
  const after = await mine
  expect(after.split('\n').slice(1).join('\n')).toBe(made)
  expect(await readMasterKeyFile(file)).toHaveLength(3)
})

test('a master key that is not there, or is damaged, is not made anew by its change', async () => {
  const never = vi.fn<() => Promise<void>>(async () => {})
  await expect(whileMasterKeyChanges(masterKeyFile(env), never)).rejects.toThrow('is not there')
  expect([never.mock.calls, await readdir(folder)]).toEqual([[], []])
})
