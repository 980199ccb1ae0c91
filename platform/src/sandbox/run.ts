import { TaskFailed, TimedOut } from './failures.ts'
import type { FromChild } from './messages.ts'

const TICK = 100

/** One task to run: the module's URL, what it is given, and how long it may take (milliseconds). */
export interface Job {
  task: string
  input: unknown
  deadline: number
  stall: number
  onProgress?: (value: unknown) => void | Promise<void>
}

/** A job that a child is at. */
export interface Run {
  /** The task's output; rejects with what ended it. */
  output: Promise<unknown>
  /** Takes a message of the child; true when it was the last one. */
  receive(message: FromChild): boolean
  fail(error: Error): void
}

/** What a run needs of its child. */
interface Hold {
  /** Tells the child that a report is dealt with. */
  handled(report: number): void
  kill(reason: Error): void
  /** Processor time of the child in milliseconds, where the system says. */
  cpuTime(): number | undefined
}

/** Follows a job from its first message to its last. */
export function followRun(job: Job, hold: Hold): Run {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>()
  const clock = startClock(job, hold)
  let progress = Promise.resolve()
  const end = (settle: () => void): void => {
    clock.stop()
    settle()
  }
  const handle = async ({ value, report }: Extract<FromChild, { kind: 'progress' }>): Promise<void> => {
    await job.onProgress?.(value)
    clock.resume()
    hold.handled(report)
  }
  return {
    output: promise,
    receive: (message) => {
      clock.heard()
      if (message.kind === 'progress') {
        clock.pause()
        progress = progress.then(() => handle(message))
        progress.catch((error: Error) => hold.kill(error))
        return false
      }
      // The last report is dealt with before the caller hears that the task is done; when that fails, the child is killed already.
      const settle = (): void =>
        message.kind === 'done' ? resolve(message.output) : reject(new TaskFailed(message.cause))
      progress.then(
        () => end(settle),
        () => undefined,
      )
      return true
    },
    fail: (error) => end(() => reject(error)),
  }
}

interface Clock {
  heard(): void
  pause(): void
  resume(): void
  stop(): void
}

/**
 * Counts running time in ticks, so that neither the caller's own handling of progress nor a parent that was itself held up is counted.
 * The deadline is time on the wall. Silence is counted by the processor time the child has had, so that a busy machine does not make
 * an innocent file look stuck; a child that does nothing at all is charged a third of the time.
 */
function startClock({ deadline, stall }: Job, { kill, cpuTime }: Pick<Hold, 'kill' | 'cpuTime'>): Clock {
  let [last, lastCpu] = [performance.now(), cpuTime()]
  let [total, silent, paused] = [0, 0, 0]
  const timer = setInterval(() => {
    const [now, cpu] = [performance.now(), cpuTime()]
    const passed = Math.min(now - last, TICK * 5)
    const worked = cpu === undefined || lastCpu === undefined ? passed : Math.min(cpu - lastCpu, passed)
    last = now
    lastCpu = cpu
    if (paused > 0) return
    total += passed
    silent += Math.max(worked, passed / 3)
    if (total > deadline) kill(new TimedOut('deadline', deadline))
    else if (silent > stall) kill(new TimedOut('stall', stall))
  }, TICK)
  return {
    heard: () => (silent = 0),
    pause: () => (paused += 1),
    resume: () => (paused -= 1),
    stop: () => clearInterval(timer),
  }
}
