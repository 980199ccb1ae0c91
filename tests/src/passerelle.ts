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
  /** Its data folder. */
  readonly data: string
  /** Its process group. */
  readonly group: number
  /** Starts it, with these settings over the usual ones. Rejects with what it printed when it ends before it is ready. */
  start(settings?: Settings): Promise<void>
  /** Starts it and waits for its end: what a start that is refused says, and the exit code. */
  startInVain(settings?: Settings): Promise<{ code: number | null; output: string }>
  /** Runs another verb on its data folder, beside it or not, and waits for its end. */
  verb(words: readonly string[], settings?: Settings): Promise<{ code: number | null; output: string }>
  /** The same, and kills its whole process group when `moment` resolves, which need not go on once it has ended; code null says that it was still at it. */
  killVerb(
    words: readonly string[],
    moment: (ended: AbortSignal) => Promise<unknown>,
  ): Promise<{ code: number | null; output: string }>
  /** Ctrl-C, and waits for the end; answers the exit code. */
  stop(): Promise<number | null>
  /** Kills the whole process group at once, engines and children included. */
  kill(): Promise<void>
  /** Kills the main process alone: its engines and children are left to themselves. */
  orphan(): Promise<void>
  /** Stops it and removes its data. */
  remove(): Promise<void>
}

export type Settings = Record<string, string>

const main = fileURLToPath(new URL('../../cli/src/main.ts', import.meta.url))
const startMs = 60_000

/** Prepares an installation on an empty data folder; nothing runs before `start`. */
export async function preparePasserelle(settings: Settings = {}): Promise<Passerelle> {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-e2e-'))
  const data = join(folder, 'data')
  let child: ChildProcess | null = null
  let group = 0
  let output = ''
  let url = ''

  function run(more: Settings, verb: readonly string[] = []): ChildProcess {
    const { PATH = '', HOME = '', NODE_COMPILE_CACHE = '' } = process.env
    const env = {
      PATH,
      HOME,
      NODE_COMPILE_CACHE,
      PORT: '0',
      PASSERELLE_DATA: data,
      LOG_LEVEL: 'error',
      ...settings,
      ...more,
    }
    return spawn(process.execPath, [main, ...verb], { detached: true, stdio: ['ignore', 'pipe', 'pipe'], env })
  }

  function start(more: Settings = {}): Promise<void> {
    output = ''
    const started = run(more)
    child = started
    group = started.pid ?? 0
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`Not ready in time:\n${output}`)), startMs)
      collect(started, (chunk) => {
        output += chunk
        const ready = /^ready (\S+)$/m.exec(output)
        if (!ready?.[1]) return
        url = ready[1]
        clearTimeout(late)
        resolve()
      })
      started.once('exit', (code, signal) => {
        output += `ended with ${code ?? signal}\n`
        reject(new Error(`Not ready before its end:\n${output}`))
      })
    })
  }

  async function startInVain(more: Settings = {}): Promise<{ code: number | null; output: string }> {
    const started = run(more)
    if (!child) group = started.pid ?? 0
    return toEnd(started)
  }

  async function end(signal: 'SIGINT' | 'SIGKILL', whom: 'main' | 'group' = 'main'): Promise<number | null> {
    const running = child
    child = null
    if (!running?.pid || running.exitCode !== null) return running?.exitCode ?? null
    const ended = new Promise<number | null>((resolve) => running.once('exit', resolve))
    process.kill(whom === 'group' ? -running.pid : running.pid, signal)
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
      return /^demo password: (.+)$/m.exec(output)?.[1] ?? ''
    },
    data,
    get group() {
      return group
    },
    start,
    startInVain,
    verb: (words, more = {}) => toEnd(run(more, words)),
    async killVerb(words, moment) {
      const started = run({}, words)
      const over = new AbortController()
      const ended = toEnd(started).finally(() => over.abort())
      await Promise.race([moment(over.signal), ended])
      if (started.pid && started.exitCode === null) process.kill(-started.pid, 'SIGKILL')
      return ended
    },
    stop: () => end('SIGINT'),
    async kill() {
      await end('SIGKILL', 'group')
    },
    async orphan() {
      await end('SIGKILL')
    },
    async remove() {
      await end('SIGINT')
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

async function toEnd(child: ChildProcess): Promise<{ code: number | null; output: string }> {
  let output = ''
  collect(child, (chunk) => (output += chunk))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, output }
}

function collect(child: ChildProcess, read: (chunk: string) => void): void {
  child.stdout?.setEncoding('utf8').on('data', read)
  child.stderr?.setEncoding('utf8').on('data', read)
}

/** What the installation has logged since its start at the level of its tests: errors alone, each once. */
export function surprises({ output }: Passerelle): string[] {
  const lines = output.split('\n').filter((line) => line.startsWith('{'))
  const entries = lines.map((line) => JSON.parse(line) as { msg?: string; err?: { message?: string; stack?: string } })
  return [
    ...new Set(
      entries.map(({ msg, err }) => [msg, err?.message, err?.stack?.split('\n').slice(0, 4).join(' ')].join(' | ')),
    ),
  ]
}
