import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { access, chmod, constants, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Log } from '../log/log.ts'
import { chooseAccount, type Account } from './embedded-postgres.account.ts'
import { findPostgresBinaries, type PostgresBinaries } from './embedded-postgres.binaries.ts'
import { readPostmasterFile, stopOrphan, stopPostmaster } from './embedded-postgres.postmaster.ts'
import type { SqlConnection } from './sql.ts'

export type EmbeddedPostgres = {
  socketFolder: string
  port: number
  database: 'passerelle'
  owner: 'passerelle_owner'
  /** For `pg`, `pg-boss` and anything that reads a PostgreSQL URL; logs in as the owner of the database. */
  ownerUrl: string
  /** Stops the server and removes what it had outside its folder. Safe to call twice. */
  stop(): Promise<void>
}

export type EmbeddedPostgresOptions = {
  /** Everything the server keeps. Created when missing; one process at a time. */
  folder: string
  log: Log
  /** `false` only for data that nobody misses after a power cut, such as a test's. */
  durable?: boolean
}

type Installation = Required<EmbeddedPostgresOptions> & { dataFolder: string; binaries: PostgresBinaries; account: Account }
type Server = Installation & { socketFolder: string }

const PORT = 5432
const DATABASE = 'passerelle'
const OWNER = 'passerelle_owner'
const SOCKET_PREFIX = 'passerelle-pg-'
const START_TIMEOUT_MS = 60_000
const START_ATTEMPTS = 5

/**
 * Starts the PostgreSQL that came with the installation on `folder`, and keeps it running until `stop()`: a server that dies
 * is started again on the same socket, so that pools reconnect by themselves. It listens on a Unix socket in a private folder and on no
 * network port, and therefore asks for no password. Whatever a killed predecessor left is stopped or cleaned first.
 *
 * Throws one sentence when PostgreSQL cannot run here.
 */
export async function openEmbeddedPostgres({ folder, log, durable = true }: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const root = resolve(folder)
  const dataFolder = join(root, 'data')
  await mkdir(root, { recursive: true, mode: 0o700 })
  await access(root, constants.R_OK | constants.W_OK | constants.X_OK).catch(() => {
    throw new Error(`The data folder ${root} belongs to another account: start as that account, or choose another folder.`)
  })
  const binaries = await findPostgresBinaries()
  if ((await stopOrphan(dataFolder)) === 'stopped') log.warn('stopped the PostgreSQL of a process that had been killed')
  await removeOldSocketFolder(root)
  const account = await chooseAccount({ dataFolder, paths: [binaries.postgres, dataFolder] })
  const installation = { folder: root, log, durable, dataFolder, binaries, account }
  await initialise(installation)

  const socketFolder = await createSocketFolder(root, account)
  const stop = await supervise({ ...installation, socketFolder }).catch(async (error: unknown) => {
    await rm(socketFolder, { recursive: true, force: true })
    throw error
  })
  await createDatabase(socketFolder).catch((error: unknown) => stop().then(() => Promise.reject(error)))
  const ownerUrl = `postgresql://${OWNER}@/${DATABASE}?host=${encodeURIComponent(socketFolder)}&port=${PORT}`
  return { socketFolder, port: PORT, database: DATABASE, owner: OWNER, ownerUrl, stop }
}

/** How the owner reaches the embedded server that listens in `socketFolder`, whoever started it. */
export function connectionTo(socketFolder: string): SqlConnection {
  return { host: socketFolder, port: PORT, user: OWNER, database: DATABASE }
}

/** A socket's path may have 103 bytes; a data folder's may be longer. So it lives in a temporary folder that we remember. */
async function createSocketFolder(root: string, account: Account): Promise<string> {
  const parent = tmpdir().length < 60 ? tmpdir() : '/tmp'
  const socketFolder = await mkdtemp(join(parent, SOCKET_PREFIX))
  await account.own(socketFolder)
  await writeFile(join(root, 'socket-folder'), socketFolder)
  return socketFolder
}

async function removeOldSocketFolder(root: string): Promise<void> {
  const old = await readFile(join(root, 'socket-folder'), 'utf8').catch(() => '')
  if (basename(old).startsWith(SOCKET_PREFIX)) await rm(old, { recursive: true, force: true })
  await rm(join(root, 'socket-folder'), { force: true })
}

/** Makes the data folder beside its place and moves it there, so that a start that was cut short leaves nothing half made. */
async function initialise(server: Installation): Promise<void> {
  if (await stat(server.dataFolder).catch(() => undefined)) return
  const unfinished = `${server.dataFolder}.new`
  await rm(unfinished, { recursive: true, force: true })
  await mkdir(unfinished, { mode: 0o700 })
  await server.account.own(unfinished)
  await server.account.own(server.folder)
  await chmod(server.folder, 0o700)
  // Sorting by code point never changes under an index; what a person reads is sorted with COLLATE "fr-x-icu".
  const args = [`--pgdata=${unfinished}`, `--username=${OWNER}`, '--auth=trust', '--encoding=UTF8', '--locale=C']
  args.push('--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--data-checksums', '--no-instructions')
  if (!server.durable) args.push('--no-sync')
  const child = run(server, server.binaries.initdb, args)
  const output = collect(child)
  const [code] = await exitOf(child)
  if (code !== 0) throw new Error(`The embedded PostgreSQL could not create its data folder ${server.dataFolder}: ${output()}`)
  await rename(unfinished, server.dataFolder)
}

async function supervise(server: Server): Promise<() => Promise<void>> {
  let child = await startWithRetry(server)
  let stopping: Promise<void> | undefined
  const watch = async () => {
    while (!stopping) {
      const [code, signal] = await exitOf(child)
      if (stopping) return
      server.log.error({ code, signal }, 'PostgreSQL ended by itself; starting it again')
      child = await startWithRetry(server)
    }
  }
  watch().catch((error: unknown) => server.log.fatal({ err: error }, 'PostgreSQL cannot be started again'))
  const stopAll = async () => {
    if (child.pid && child.exitCode === null && child.signalCode === null) await stopPostmaster(child.pid)
    await rm(server.socketFolder, { recursive: true, force: true })
  }
  return () => (stopping ??= stopAll())
}

/** Right after a kill the old server's children may still hold its shared memory for a moment. */
async function startWithRetry(server: Server): Promise<ChildProcess> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(server)
    } catch (error) {
      if (attempt === START_ATTEMPTS) throw error
      server.log.warn({ err: error, attempt }, 'PostgreSQL did not start; trying again')
      await sleep(attempt * 300)
      await stopOrphan(server.dataFolder)
    }
  }
}

async function start(server: Server): Promise<ChildProcess> {
  const child = run(server, server.binaries.postgres, ['-D', server.dataFolder, ...settings(server).flatMap((setting) => ['-c', setting])])
  const output = collect(child)
  child.stderr?.on('data', (chunk: Buffer) => logLines(server.log, chunk.toString()))
  const exited = exitOf(child)
  const end = Date.now() + START_TIMEOUT_MS
  // The socket answers before the server does: only line 8 of postmaster.pid says that it is ready.
  while (Date.now() < end) {
    const file = await readPostmasterFile(server.dataFolder)
    if (file?.ready && file.pid === child.pid) return child
    const ended = await Promise.race([exited, sleep(10)])
    if (ended) throw new Error(`The embedded PostgreSQL ended while starting (${ended[0] ?? ended[1]}): ${output()}`)
  }
  if (child.pid) await stopPostmaster(child.pid)
  throw new Error(`The embedded PostgreSQL was not ready after ${START_TIMEOUT_MS / 1000} s: ${output()}`)
}

function settings({ socketFolder, durable }: Server): string[] {
  const always = [`port=${PORT}`, `unix_socket_directories=${socketFolder}`, 'unix_socket_permissions=0700', 'listen_addresses=']
  const size = ['max_connections=100', 'shared_buffers=128MB', 'max_wal_size=1GB']
  const text = ['timezone=UTC', 'log_timezone=UTC', 'log_line_prefix=', 'log_min_messages=log', 'log_checkpoints=off']
  const safety = durable ? [] : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']
  return [...always, ...size, ...text, ...safety]
}

/**
 * A session of its own keeps Ctrl-C in the terminal from reaching the server before its clients have finished. The environment is
 * empty because PGDATA and its like would override what we say.
 */
function run({ account }: Installation, program: string, programArgs: string[]): ChildProcess {
  const { command, args, ...as } = account.wrap(program, programArgs)
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }
  return spawn(command, args, { ...as, cwd: '/', env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
}

async function exitOf(child: ChildProcess): Promise<[number | null, NodeJS.Signals | null]> {
  if (child.exitCode !== null || child.signalCode !== null) return [child.exitCode, child.signalCode]
  return (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
}

/** The last of what a program said, to show when it fails. */
function collect(child: ChildProcess): () => string {
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (text = (text + chunk.toString()).slice(-2000)))
  return () => text.trim()
}

function logLines(log: Log, text: string): void {
  for (const line of text.split('\n').filter(Boolean)) {
    if (line.startsWith('PANIC:')) log.error(line)
    else if (line.startsWith('FATAL:')) log.warn(line)
    else log.debug(line)
  }
}

async function createDatabase(socketFolder: string): Promise<void> {
  const client = new pg.Client({ ...connectionTo(socketFolder), database: 'postgres' })
  await client.connect()
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [DATABASE])
    if (!rowCount) await client.query(`create database ${DATABASE}`)
  } finally {
    await client.end()
  }
}
