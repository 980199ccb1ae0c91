import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createLog } from '../log/log.ts'
import { openEmbeddedPostgres, type EmbeddedConnection } from './embedded-postgres.ts'

const log = createLog({ name: 'test', level: 'silent' })
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passerelle-test-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('keeps what was written from one start to the next, in UTF-8', async () => {
  const first = await openEmbeddedPostgres({ folder, log })
  await ask(first.owner, "create table parcel as select 'réception à Orléans — 12 €' as note")
  await first.stop()
  const second = await openEmbeddedPostgres({ folder, log })
  expect(await ask(second.owner, 'select note, char_length(note) from parcel')).toEqual([
    { note: 'réception à Orléans — 12 €', char_length: 26 },
  ])
  await second.stop()
})

test('writes to disk before it answers, and checks its pages', async () => {
  const server = await openEmbeddedPostgres({ folder, log })
  const settings = await ask(
    server.owner,
    "select name, setting from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit', 'data_checksums') order by 1",
  )
  expect(settings.map(({ name, setting }) => `${name}=${setting}`)).toEqual([
    'data_checksums=on',
    'fsync=on',
    'full_page_writes=on',
    'synchronous_commit=on',
  ])
  await server.stop()
})

test('leaves no process and no socket behind when stopped, also when stopped twice', async () => {
  const server = await openEmbeddedPostgres({ folder, log })
  const pid = await postmasterOf(folder)
  await Promise.all([server.stop(), server.stop()])
  expect(isRunning(pid)).toBe(false)
  expect(existsSync(server.owner.host)).toBe(false)
})

test('starts again by itself, on the same socket, when the server is killed', async () => {
  const server = await openEmbeddedPostgres({ folder, log })
  await ask(server.owner, 'create table parcel as select 1 as n')
  const pid = await postmasterOf(folder)
  process.kill(pid, 'SIGKILL')
  await expect
    .poll(() => ask(server.owner, 'select n from parcel').catch(() => 'away'), { timeout: 20_000 })
    .toEqual([{ n: 1 }])
  expect(await postmasterOf(folder)).not.toBe(pid)
  await server.stop()
})

test('starts again when what kept it from starting is over, however long that took, and stops at once until then', async () => {
  const given = Promise.withResolvers<void>()
  const told = Object.assign(createLog({ name: 'test', level: 'silent' }), { fatal: () => given.resolve() })
  const server = await openEmbeddedPostgres({ folder, log: told })
  await ask(server.owner, 'create table parcel as select 1 as n')
  const control = join(folder, 'data', 'global', 'pg_control')
  const aside = join(folder, 'pg_control')
  await rename(control, aside)
  process.kill(await postmasterOf(folder), 'SIGKILL')
  await given.promise
  await rename(aside, control)
  await expect
    .poll(() => ask(server.owner, 'select n from parcel').catch(() => 'away'), { timeout: 60_000 })
    .toEqual([{ n: 1 }])

  await rename(control, aside)
  process.kill(await postmasterOf(folder), 'SIGKILL')
  await server.stop()
  expect(existsSync(server.owner.host)).toBe(false)
})

test('replaces the server of a host that was killed, and loses nothing', async () => {
  const host = spawn(process.execPath, [join(import.meta.dirname, 'embedded-postgres.host.testing.ts'), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(host.stdout, 'data')) as [Buffer]
  const left = JSON.parse(line.toString()) as { socketFolder: string; pid: number }
  host.kill('SIGKILL')
  await once(host, 'exit')

  const server = await openEmbeddedPostgres({ folder, log })
  expect(await ask(server.owner, 'select count(*)::int as n from parcel')).toEqual([{ n: 1000 }])
  expect(isRunning(left.pid)).toBe(false)
  expect(existsSync(left.socketFolder)).toBe(false)
  await server.stop()
})

test('works in a folder whose path is longer than a socket may have', async () => {
  const deep = join(folder, 'a'.repeat(100), 'b'.repeat(100))
  const server = await openEmbeddedPostgres({ folder: deep, log })
  expect(await ask(server.owner, 'select 1 as n')).toEqual([{ n: 1 }])
  await server.stop()
})

async function ask(owner: EmbeddedConnection, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(owner)
  client.on('error', () => {})
  await client.connect()
  return client
    .query(sql)
    .then(({ rows }) => rows as Record<string, unknown>[])
    .finally(() => client.end())
}

async function postmasterOf(root: string): Promise<number> {
  return Number((await readFile(join(root, 'data/postmaster.pid'), 'utf8')).split('\n')[0])
}

function isRunning(pid: number): boolean {
  try {
    return !execFileSync('ps', ['-o', 'stat=', '-p', String(pid)])
      .toString()
      .startsWith('Z')
  } catch {
    return false
  }
}
