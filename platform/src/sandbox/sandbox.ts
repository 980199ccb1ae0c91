import { availableParallelism } from 'node:os'
import { Cancelled } from './failures.ts'
import { createPool, type SandboxLimits } from './pool.ts'
import type { Job } from './run.ts'

export type { SandboxLimits } from './pool.ts'
export { Cancelled, Crashed, OutOfMemory, TaskFailed, TimedOut } from './failures.ts'

/** Given to a task: `report` streams a value to the caller and resolves once the caller has dealt with it (back-pressure). */
export interface TaskContext<Progress> {
  report(value: Progress): Promise<void>
}

/** The default export of a task module. Input, output and progress travel by structured clone: plain data, typed arrays, maps; files by path. */
export type Task<Input, Output, Progress = never> = (input: Input, context: TaskContext<Progress>) => Promise<Output>

type AnyTask = (input: never, context: never) => Promise<unknown>
type ProgressOf<T extends AnyTask> = Parameters<T>[1] extends TaskContext<infer Progress> ? Progress : never

/**
 * How one task is run. The clocks start when the task starts, not while it waits for a child. `deadline` is time on the wall;
 * `stall` is silence, counted by the processor time the task has had, so that a busy machine does not make it look stuck.
 */
export interface RunOptions<Progress> {
  signal?: AbortSignal
  deadline?: number
  stall?: number
  /** Called in order; the task's report resolves after it. Time spent here is not counted; a rejection ends the task with it. */
  onProgress?: (value: Progress) => void | Promise<void>
  /** The task has left the queue. */
  onStart?: () => void
}

/**
 * Runs untrusted or heavy work where it can be killed: tasks run one at a time in each of a few child processes of low priority,
 * without environment, without the right to write files or start programs, and never outlive this process.
 */
export interface Sandbox {
  /** How many tasks run at once. */
  readonly size: number
  /**
   * Runs the task module at `task` as soon as a child is free, first come first served.
   * Rejects with TimedOut, OutOfMemory, Crashed, Cancelled, or TaskFailed when the task itself threw.
   */
  run<T extends AnyTask>(
    task: URL,
    input: Parameters<T>[0],
    options?: RunOptions<ProgressOf<T>>,
  ): Promise<Awaited<ReturnType<T>>>
  /** Cancels what runs and waits, and resolves when every child is gone. */
  close(): Promise<void>
}

const DEFAULTS: SandboxLimits = { memory: 1_000_000_000, deadline: 180_000, stall: 60_000, tasks: 50, idle: 60_000 }

/** Opens a pool of at most `size` children (default: cores − 1, at least 2 so that one bad file never holds up all others), started when needed. */
export function openSandbox(options: { size?: number; limits?: Partial<SandboxLimits> } = {}): Sandbox {
  const size = options.size ?? Math.max(2, availableParallelism() - 1)
  const limits = { ...DEFAULTS, ...options.limits }
  const pool = createPool(size, limits)
  let closed = false
  return {
    size,
    run: async (
      task,
      input,
      { signal, onProgress, onStart, deadline = limits.deadline, stall = limits.stall } = {},
    ) => {
      if (closed || signal?.aborted) throw new Cancelled(closed ? 'the sandbox is closed' : 'the caller aborted')
      const child = await pool.take(signal)
      const abort = (): void => child.kill(new Cancelled('the caller aborted'))
      signal?.addEventListener('abort', abort, { once: true })
      try {
        if (signal?.aborted) abort()
        onStart?.()
        const job: Job = { task: task.href, input, deadline, stall, onProgress: onProgress as Job['onProgress'] }
        return (await child.run(job)) as never
      } finally {
        signal?.removeEventListener('abort', abort)
        pool.release(child)
      }
    },
    close: () => {
      closed = true
      return pool.close()
    },
  }
}
