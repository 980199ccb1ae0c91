import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { access, chmod, constants, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { Obstacle } from './obstacle.ts'

const PATIENCE_MS = 3_000
const PATIENCE_WITH_STOPPING_MS = 30_000

const holder = z.object({ pid: z.number(), state: z.enum(['running', 'stopping']), url: z.string().optional() })
export type Holder = z.output<typeof holder>

export type DataFolder = {
  path: string
  /** Tells who else asks for this folder what this process is doing. */
  tell(news: Partial<Omit<Holder, 'pid'>>): void
  release(): void
}

/**
 * Makes the data folder and takes it for this process alone. A process that is about to end is waited for; one that goes on
 * makes this throw an `Obstacle` that names it.
 *
 * The lock is the operating system's, held through SQLite: it ends with the process, however that ends, and a process number that is
 * used again cannot be taken for the one that held it.
 */
export async function takeDataFolder(path: string): Promise<DataFolder> {
  await prepare(path)
  const lock = await acquire(path)
  const file = join(path, 'process.json')
  let told: Holder = { pid: process.pid, state: 'running' }
  const tell = (news: Partial<Omit<Holder, 'pid'>>) =>
    writeFileSync(file, JSON.stringify((told = { ...told, ...news })))
  tell({})
  return {
    path,
    tell,
    release() {
      rmSync(file, { force: true })
      lock.close()
    },
  }
}

/** Who holds the folder now; undefined when nobody does. */
export function findHolder(path: string): Holder | undefined {
  const lock = tryLock(path)
  if (lock) lock.close()
  return lock ? undefined : (readHolder(path) ?? { pid: 0, state: 'running' })
}

async function prepare(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 })
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error)
    throw new Obstacle(
      `The data folder ${path} cannot be used by this account (${reason}): give it to this account, or choose another with PASSERELLE_DATA.`,
    )
  }
  // As root, PostgreSQL runs as an account that has to pass through the folder, and may read nothing in it but its own.
  if (process.getuid?.() === 0) await chmod(path, 0o711)
}

async function acquire(path: string): Promise<DatabaseSync> {
  for (const start = Date.now(); ; await sleep(100)) {
    const lock = tryLock(path)
    if (lock) return lock
    const other = readHolder(path)
    const waited = Date.now() - start
    if (waited > (other?.state === 'stopping' ? PATIENCE_WITH_STOPPING_MS : PATIENCE_MS))
      throw new Obstacle(describe(path, other))
  }
}

function describe(path: string, other: Holder | undefined): string {
  const where = other ? ` (process ${other.pid}${other.url ? `, ${other.url}` : ''})` : ''
  return `Passerelle already runs on ${path}${where}: stop it first, or choose another folder with PASSERELLE_DATA.`
}

function tryLock(path: string): DatabaseSync | undefined {
  mkdirSync(path, { recursive: true })
  const lock = new DatabaseSync(join(path, 'lock'), { timeout: 0 })
  try {
    lock.exec('pragma locking_mode = exclusive; begin exclusive')
    return lock
  } catch (error) {
    lock.close()
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return undefined
    throw error
  }
}

const SQLITE_BUSY = 5

function readHolder(path: string): Holder | undefined {
  try {
    return holder.parse(JSON.parse(readFileSync(join(path, 'process.json'), 'utf8')))
  } catch {
    return undefined
  }
}
