import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Cancelled, Crashed, OutOfMemory, TaskFailed, TimedOut } from './failures.ts'
import { MEMORY_SIGNAL, type FromChild, type ToChild } from './messages.ts'

const TICK = 100

/** One task to run: the module's URL, what it is given, and how long it may take (milliseconds). */
export interface Job {
  task: string
  input: unknown
  deadline: number
  stall: number
  onProgress?: (value: unknown) => void | Promise<void>
}

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

interface Running {
  job: Job
  settle: { resolve: (output: unknown) => void; reject: (error: Error) => void }
  clock: NodeJS.Timeout
  progress: Promise<void>
  handling: number
  silent: number
}

/** Starts a child process that may hold `memory` bytes and runs at `niceness`; its environment is empty but for the locale. */
export function startChild({ memory, niceness }: { memory: number; niceness: number }): Child {
  const child = forkChild(memory, niceness)
  let running: Running | undefined
  let killedBecause: Error | undefined
  let errors = ''
  let alive = true
  let jobsDone = 0

  const finish = (outcome: { output: unknown } | { error: Error }): void => {
    const { settle, clock } = running ?? {}
    running = undefined
    clearInterval(clock)
    if ('error' in outcome) settle?.reject(outcome.error)
    else settle?.resolve(outcome.output)
  }
  const kill = (reason: Error): void => {
    killedBecause ??= reason
    child.kill('SIGKILL')
  }
  const gone = new Promise<void>((resolve) => {
    const end = (error: Error): void => {
      alive = false
      finish({ error: killedBecause ?? error })
      resolve()
    }
    child.once('exit', (code, signal) => end(toFailure({ code, signal, errors })))
    child.once('error', (error) => end(new Crashed(`the child could not be started: ${error.message}`)))
  })
  child.stderr?.on('data', (text: Buffer) => (errors = (errors + text.toString()).slice(-4096)))
  child.on('message', (message: FromChild) => {
    if (running) receive(message, running)
  })

  const receive = (message: FromChild, current: Running): void => {
    current.silent = 0
    if (message.kind === 'progress') {
      current.handling += 1
      current.progress = current.progress
        .then(() => current.job.onProgress?.(message.value))
        .then(() => {
          current.handling -= 1
          tell(child, { kind: 'handled', report: message.report })
        })
      current.progress.catch((error: Error) => kill(error))
      return
    }
    jobsDone += 1
    const outcome = message.kind === 'done' ? { output: message.output } : { error: new TaskFailed(message.cause) }
    current.progress.then(() => finish(outcome), () => undefined)
  }

  return {
    run: (job) =>
      new Promise((resolve, reject) => {
        if (!alive) return reject(killedBecause ?? new Crashed('the child is gone'))
        const current: Running = { job, settle: { resolve, reject }, clock: watchClock(() => current, kill), progress: Promise.resolve(), handling: 0, silent: 0 }
        running = current
        tell(child, { kind: 'run', task: job.task, input: job.input })
      }),
    kill,
    gone,
    get alive() {
      return alive && killedBecause === undefined
    },
    get jobsDone() {
      return jobsDone
    },
  }
}

function forkChild(memory: number, niceness: number): ChildProcess {
  const { LANG, TZ } = process.env
  return fork(fileURLToPath(new URL('./child.main.ts', import.meta.url)), [String(process.pid), String(memory), String(niceness)], {
    serialization: 'advanced',
    env: { ...(LANG && { LANG }), ...(TZ && { TZ }) },
    execArgv: [
      '--permission',
      '--allow-fs-read=*',
      '--allow-addons',
      '--allow-worker',
      '--allow-wasi',
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

/** Counts running time in ticks, so that neither the caller's own handling of progress nor a parent that was itself held up is counted. */
function watchClock(current: () => Running, kill: (reason: Error) => void): NodeJS.Timeout {
  let last = performance.now()
  let total = 0
  return setInterval(() => {
    const now = performance.now()
    const passed = Math.min(now - last, TICK * 5)
    last = now
    const { job, handling } = current()
    if (handling > 0) return
    total += passed
    current().silent += passed
    if (total > job.deadline) kill(new TimedOut('deadline', job.deadline))
    else if (current().silent > job.stall) kill(new TimedOut('stall', job.stall))
  }, TICK)
}

function toFailure({ code, signal, errors }: { code: number | null; signal: string | null; errors: string }): Error {
  if (signal === MEMORY_SIGNAL || errors.includes('heap out of memory')) return new OutOfMemory('the process held too much memory')
  if (code === 0 && signal === null) return new Cancelled('the process was asked to end')
  return new Crashed(`the process ended by itself (${signal ?? `exit ${code}`}) ${errors}`.trim())
}
