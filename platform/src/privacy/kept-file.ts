import { randomUUID } from 'node:crypto'
import { link, mkdir, open, readFile, readlink, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { z } from 'zod'
import { mayBeAlive } from '../coordination/alive.ts'

const pollMs = 25
/** How often a holder shows that it lives, and how long a waiter sees nothing of it before it takes it for dead. */
const beatMs = 4_000
const patienceMs = 20_000

/** The lock was taken from its holder, who was stopped for longer than it is waited for. Nothing has been written. */
export class LockLost extends Error {
  constructor(file: string) {
    super(`${file} is being changed by somebody else: try again.`)
    this.name = 'LockLost'
  }
}

/** Writes a file anew; a power cut leaves the old one or the new one, never half of one. Only this account may read it. */
export async function replaceFile(file: string, text: string): Promise<void> {
  const beside = `${file}.new`
  const handle = await open(beside, 'w', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(beside, file)
  await syncFolder(file)
}

/** What was made, renamed or linked in the file's folder is there after a power cut. */
export async function syncFolder(file: string): Promise<void> {
  const folder = await open(dirname(file))
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/**
 * Runs `work` while nobody else does for the same file: not in this process, not in another, not on another machine that shares the folder. A lock of the database
 * would not do, for the file is also written while a database is put back. The lock is a file beside it that names its holder; that of a process
 * of this machine which is gone is taken away at once, any other once it has not been touched for twenty seconds. `work` calls `held` right before it
 * writes; it throws LockLost when the lock has been taken away meanwhile.
 */
export async function whileLocked<T>(file: string, work: (held: () => Promise<void>) => Promise<T>): Promise<T> {
  const lock = `${file}.lock`
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const mine = await take(lock)
  const beat = setInterval(() => void utimes(lock, new Date(), new Date()).catch(() => {}), beatMs).unref()
  const isMine = async (): Promise<boolean> => (await look(lock))?.text === mine
  try {
    return await work(async () => {
      if (!(await isMine())) throw new LockLost(file)
    })
  } finally {
    clearInterval(beat)
    if (await isMine()) await rm(lock, { force: true })
  }
}

/** What stands in the lock, which is nobody else's. */
async function take(lock: string): Promise<string> {
  const mine = JSON.stringify({ place: await place(), pid: process.pid, id: randomUUID() })
  let seen = { state: '', since: performance.now() }
  for (;;) {
    const there = await look(lock)
    if (!there && (await create(lock, mine))) return mine
    if (!there) continue
    if (there.state !== seen.state) seen = { state: there.state, since: performance.now() }
    if ((await isGone(there)) || performance.now() - seen.since > patienceMs) await takeAway(lock, there.state)
    else await setTimeout(pollMs)
  }
}

/** False where there is one. */
async function create(lock: string, text: string): Promise<boolean> {
  try {
    await writeFile(lock, text, { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Where a process is told by its number: containers of one machine each count their own. */
async function place(): Promise<string> {
  return `${hostname()} ${await readlink('/proc/self/ns/pid').catch(() => '')}`
}

interface Seen {
  text: string
  /** Another after every beat, and for every holder. */
  state: string
  since: number
}

async function look(lock: string): Promise<Seen | null> {
  try {
    const [text, { mtimeMs }] = [await readFile(lock, 'utf8'), await stat(lock)]
    return { text, state: `${text} ${mtimeMs}`, since: mtimeMs }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

const holder = z.object({ place: z.string(), pid: z.number() })

/** True for the lock of a process that would be seen here and runs no more. One that is not written yet tells of none. */
async function isGone({ text, since }: Seen): Promise<boolean> {
  if (!text.endsWith('}')) return false
  const { success, data } = holder.safeParse(JSON.parse(text))
  return success && data.place === (await place()) && !mayBeAlive(data.pid, since)
}

/** Takes a lock away that is still as it was seen. One that somebody took in between is put back. */
async function takeAway(lock: string, state: string): Promise<void> {
  if ((await look(lock))?.state !== state) return
  const aside = `${lock}.${randomUUID()}`
  try {
    await rename(lock, aside)
    if ((await look(aside))?.state !== state) await link(aside, lock)
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  } finally {
    await rm(aside, { force: true })
  }
}
