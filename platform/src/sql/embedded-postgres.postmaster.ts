import { execFile } from 'node:child_process'
import { readFile, readlink, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

const FAST_SHUTDOWN_MS = 30_000
const IMMEDIATE_SHUTDOWN_MS = 5_000

/** What a running server writes about itself in `postmaster.pid`: its process, and `ready` once it takes connections. */
export async function readPostmasterFile(dataFolder: string): Promise<{ pid: number; ready: boolean } | undefined> {
  const text = await readFile(join(dataFolder, 'postmaster.pid'), 'utf8').catch(() => '')
  const lines = text.split('\n')
  const pid = Number(lines[0])
  return Number.isInteger(pid) && pid > 0 ? { pid, ready: lines[7]?.trim() === 'ready' } : undefined
}

/**
 * Ends the server that a killed host left on this data folder, and removes its pid file when the process behind it is gone or
 * is somebody else's. A server that is left running would keep the new one from starting.
 */
export async function stopOrphan(dataFolder: string): Promise<'none' | 'stopped'> {
  const file = await readPostmasterFile(dataFolder)
  if (!file) return 'none'
  const ours = await isPostmasterOf(file.pid, dataFolder)
  if (ours) await stopPostmaster(file.pid)
  await rm(join(dataFolder, 'postmaster.pid'), { force: true })
  return ours ? 'stopped' : 'none'
}

/**
 * Asks a server to stop: first politely (its clients are cut off, its data written), then at once (it recovers at the next
 * start), then by force.
 */
export async function stopPostmaster(pid: number): Promise<void> {
  const steps = [
    ['SIGINT', FAST_SHUTDOWN_MS],
    ['SIGQUIT', IMMEDIATE_SHUTDOWN_MS],
    ['SIGKILL', IMMEDIATE_SHUTDOWN_MS],
  ] as const
  for (const [signal, wait] of steps) {
    if (!(await isAlive(pid))) return
    signalProcess(pid, signal)
    if (await isGoneWithin(pid, wait)) return
  }
  throw new Error(`The embedded PostgreSQL (process ${pid}) does not stop.`)
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

async function isGoneWithin(pid: number, milliseconds: number): Promise<boolean> {
  const end = Date.now() + milliseconds
  while (await isAlive(pid)) {
    if (Date.now() > end) return false
    await sleep(10)
  }
  return true
}

/** A process that has ended but that nobody has waited for (in a container without an init, for ever) is not alive. */
async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  return stat === undefined || stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) !== 'Z'
}

/** Process numbers are used again: only a program called postgres that works in this very folder is the one we left. */
async function isPostmasterOf(pid: number, dataFolder: string): Promise<boolean> {
  if (!(await isAlive(pid))) return false
  if (process.platform === 'linux') {
    const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')
    const folder = await readlink(`/proc/${pid}/cwd`).catch(() => '')
    return name.trim() === 'postgres' && folder === (await realpath(dataFolder))
  }
  const { stdout } = await promisify(execFile)('ps', ['-p', String(pid), '-o', 'command=']).catch(() => ({
    stdout: '',
  }))
  return stdout.includes('postgres') && stdout.includes(dataFolder)
}
