import { randomBytes } from 'node:crypto'
import { access, chmod, constants, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import pg from 'pg'
import type { Log } from '../log/log.ts'
import { chooseAccount, type Account } from './embedded-postgres.account.ts'
import { findPostgresBinaries } from './embedded-postgres.binaries.ts'
import { stopOrphan } from './embedded-postgres.postmaster.ts'
import { collect, exitOf, run, type Installation } from './embedded-postgres.process.ts'
import { supervise } from './embedded-postgres.server.ts'

/** What `pg` needs to log in; a socket's folder is the host. */
export type EmbeddedConnection = { host: string; port: number; user: string; database: string }

export type EmbeddedPostgres = {
  /** Logs in as the owner of the database, who may create roles and databases. */
  owner: EmbeddedConnection
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

const PORT = 5432
const DATABASE = 'passerelle'
const OWNER = 'passerelle_owner'
const SOCKET_PREFIX = 'passerelle-pg-'

/**
 * Starts the PostgreSQL that came with the installation on `folder`, and keeps it running until `stop()`: a server that dies
 * is started again on the same socket, so that pools reconnect by themselves. It listens on a Unix socket in a private folder and on no
 * network port, and therefore asks for no password. Whatever a killed predecessor left is stopped or cleaned first.
 *
 * Throws one sentence when PostgreSQL cannot run here.
 */
export async function openEmbeddedPostgres({
  folder,
  log,
  durable = true,
}: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const root = resolve(folder)
  const dataFolder = join(root, 'data')
  await mkdir(root, { recursive: true, mode: 0o700 })
  await access(root, constants.R_OK | constants.W_OK | constants.X_OK).catch(() => {
    throw new Error(
      `The data folder ${root} belongs to another account: start as that account, or choose another folder.`,
    )
  })
  const binaries = await findPostgresBinaries()
  if ((await stopOrphan(dataFolder)) === 'stopped') log.warn('stopped the PostgreSQL of a process that had been killed')
  await removeOldSocketFolder(root)
  const account = await chooseAccount({ dataFolder, paths: [binaries.postgres, dataFolder] })
  const installation = { log, durable, dataFolder, binaries, account }
  await initialise(root, installation)
  const socketFolder = await createSocketFolder(root, account)
  const removeSocket = () => rm(socketFolder, { recursive: true, force: true })
  try {
    const stopServer = await supervise({ ...installation, socketFolder, port: PORT })
    const stop = () => stopServer().finally(removeSocket)
    await createDatabase(socketFolder).catch((error: unknown) => stop().then(() => Promise.reject(error)))
    return { owner: connectionTo(socketFolder), stop }
  } catch (error) {
    await removeSocket()
    throw error
  }
}

/** How the owner reaches the embedded server of a folder that another process has opened. */
export async function connectionOf(folder: string): Promise<EmbeddedConnection> {
  return connectionTo(await readFile(join(folder, 'socket-folder'), 'utf8'))
}

function connectionTo(socketFolder: string): EmbeddedConnection {
  return { host: socketFolder, port: PORT, user: OWNER, database: DATABASE }
}

/**
 * A socket's path may have 103 bytes; a data folder's may be longer. So it lives in a temporary folder, whose name is kept before it is made:
 * whoever is killed here leaves nothing that the next start does not find.
 */
async function createSocketFolder(root: string, account: Account): Promise<string> {
  const parent = tmpdir().length < 60 ? tmpdir() : '/tmp'
  const socketFolder = join(parent, `${SOCKET_PREFIX}${randomBytes(6).toString('hex')}`)
  await writeFile(join(root, 'socket-folder'), socketFolder)
  await mkdir(socketFolder, { mode: 0o700 })
  await account.own(socketFolder)
  return socketFolder
}

async function removeOldSocketFolder(root: string): Promise<void> {
  const old = await readFile(join(root, 'socket-folder'), 'utf8').catch(() => '')
  if (basename(old).startsWith(SOCKET_PREFIX)) await rm(old, { recursive: true, force: true })
  await rm(join(root, 'socket-folder'), { force: true })
}

/** Makes the data folder beside its place and moves it there, so that a start that was cut short leaves nothing half made. */
async function initialise(root: string, server: Installation): Promise<void> {
  if (await stat(server.dataFolder).catch(() => undefined)) return
  const unfinished = `${server.dataFolder}.new`
  await rm(unfinished, { recursive: true, force: true })
  await mkdir(unfinished, { mode: 0o700 })
  await server.account.own(unfinished)
  await server.account.own(root)
  await chmod(root, 0o700)
  // Sorting by code point never changes under an index; what a person reads is sorted with COLLATE "fr-x-icu".
  const args = [`--pgdata=${unfinished}`, `--username=${OWNER}`, '--auth=trust', '--encoding=UTF8', '--locale=C']
  args.push('--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--data-checksums', '--no-instructions')
  if (!server.durable) args.push('--no-sync')
  const child = run(server, server.binaries.initdb, args)
  const output = collect(child)
  const [code] = await exitOf(child)
  if (code !== 0)
    throw new Error(`The embedded PostgreSQL could not create its data folder ${server.dataFolder}: ${output()}`)
  await rename(unfinished, server.dataFolder)
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
