import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A whole Passerelle in processes of its own, as an operator would start it. */
export interface Passerelle {
  /** Changes with every start: each takes a free port. */
  readonly url: string
  /** What it printed since the last start. */
  readonly output: string
  readonly demoPassword: string
  start(): Promise<void>
  /** Ctrl-C, and waits for the end; answers the exit code. */
  stop(): Promise<number | null>
  /** Kills the whole process group at once, engines and children included. */
  kill(): Promise<void>
  /** Stops it and removes its data. */
  remove(): Promise<void>
}

const main = fileURLToPath(new URL('../../cli/src/main.ts', import.meta.url))
const startMs = 60_000

/** Prepares an installation on an empty data folder; nothing runs before `start`. */
export async function preparePasserelle(settings: Record<string, string> = {}): Promise<Passerelle> {
  const data = await mkdtemp(join(tmpdir(), 'passerelle-e2e-'))
  let child: ChildProcess | null = null
  let output = ''
  let url = ''

  function start(): Promise<void> {
    output = ''
    const started = spawn(process.execPath, [main], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, HOME: process.env.HOME, PORT: '0', PASSERELLE_DATA: join(data, 'data'), LOG_LEVEL: 'error', ...settings },
    })
    child = started
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`Not ready in time:\n${output}`)), startMs)
      const read = (chunk: Buffer): void => {
        output += chunk.toString()
        const ready = /^ready (\S+)$/m.exec(output)
        if (!ready?.[1]) return
        url = ready[1]
        clearTimeout(late)
        resolve()
      }
      started.stdout?.on('data', read)
      started.stderr?.on('data', read)
      started.once('exit', (code) => reject(new Error(`Ended with ${code} before it was ready:\n${output}`)))
    })
  }

  async function end(signal: 'SIGINT' | 'SIGKILL'): Promise<number | null> {
    const running = child
    if (!running?.pid || running.exitCode !== null) return running?.exitCode ?? null
    const ended = new Promise<number | null>((resolve) => running.once('exit', resolve))
    process.kill(signal === 'SIGKILL' ? -running.pid : running.pid, signal)
    child = null
    return ended
  }

  return {
    get url() {
      return url
    },
    get output() {
      return output
    },
    get demoPassword() {
      return /^demo password: (\S+)$/m.exec(output)?.[1] ?? ''
    },
    start,
    stop: () => end('SIGINT'),
    async kill() {
      await end('SIGKILL')
    },
    async remove() {
      await end('SIGINT')
      await rm(data, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
