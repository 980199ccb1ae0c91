import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { readCpuTime } from './cpu-time.ts'
import { Cancelled, Crashed, OutOfMemory } from './failures.ts'
import { MEMORY_SIGNAL, type FromChild, type ToChild } from './messages.ts'
import { followRun, type Job, type Run } from './run.ts'

/** The parent's hold on one child process. It runs one job at a time. */
export interface Child {
  run(job: Job): Promise<unknown>
  /** Kills the process; a running job rejects with `reason`. */
  kill(reason: Error): void
  /** Resolves when the process is gone. */
  readonly gone: Promise<void>
  readonly alive: boolean
  readonly jobsDone: number
}

/** Starts a child process that may hold `memory` bytes and runs at `niceness`; its environment is empty but for the locale. */
export function startChild(bounds: { memory: number; niceness: number }): Child {
  const child = forkChild(bounds)
  const state: { running?: Run; killedBecause?: Error; isGone: boolean; jobsDone: number } = {
    isGone: false,
    jobsDone: 0,
  }
  const kill = (reason: Error): void => {
    state.killedBecause ??= reason
    child.kill('SIGKILL')
  }
  child.on('message', (message: FromChild) => {
    if (!state.running?.receive(message)) return
    state.jobsDone += 1
  })
  const gone = whenGone(child).then((reason) => {
    state.isGone = true
    state.running?.fail(state.killedBecause ?? reason)
  })
  return {
    run: (job) => {
      if (state.isGone) return Promise.reject(state.killedBecause ?? new Crashed('the child is gone'))
      state.running = followRun(job, {
        kill,
        handled: (report) => tell(child, { kind: 'handled', report }),
        cpuTime: () => (child.pid === undefined ? undefined : readCpuTime(child.pid)),
      })
      tell(child, { kind: 'run', task: job.task, input: job.input })
      return state.running.output
    },
    kill,
    gone,
    get alive() {
      return !state.isGone && state.killedBecause === undefined
    },
    get jobsDone() {
      return state.jobsDone
    },
  }
}

function forkChild({ memory, niceness }: { memory: number; niceness: number }): ChildProcess {
  const { LANG, TZ } = process.env
  const program = fileURLToPath(new URL('./child.main.ts', import.meta.url))
  return fork(program, [String(process.pid), String(memory), String(niceness)], {
    serialization: 'advanced',
    env: { ...(LANG && { LANG }), ...(TZ && { TZ }) },
    execArgv: [
      '--permission',
      '--allow-fs-read=*',
      '--allow-addons',
      '--allow-worker',
      '--disable-warning=SecurityWarning',
      `--max-old-space-size=${Math.ceil(memory / 1_250_000)}`,
    ],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
}

function tell(child: ChildProcess, message: ToChild): void {
  // A child that dies meanwhile is reported by its exit, so a failed send needs no second report.
  if (child.connected) child.send(message, () => undefined)
}

/** Resolves with why the process ended. */
function whenGone(child: ChildProcess): Promise<Error> {
  let errors = ''
  child.stderr?.on('data', (text: Buffer) => (errors = (errors + text.toString()).slice(-4096)))
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(toFailure({ code, signal, errors })))
    child.once('error', (error) => resolve(new Crashed(`the child could not be started: ${error.message}`)))
  })
}

function toFailure({ code, signal, errors }: { code: number | null; signal: string | null; errors: string }): Error {
  if (signal === MEMORY_SIGNAL || errors.includes('heap out of memory'))
    return new OutOfMemory('the process held too much memory')
  if (code === 0 && signal === null) return new Cancelled('the process was asked to end')
  return new Crashed(`the process ended by itself (${signal ?? `exit ${code}`}) ${errors}`.trim())
}
