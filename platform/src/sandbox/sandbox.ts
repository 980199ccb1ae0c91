import { availableParallelism } from 'node:os'
import { startChild, type Child, type Job } from './child.ts'
import { Cancelled } from './failures.ts'

export { Cancelled, Crashed, OutOfMemory, TaskFailed, TimedOut } from './failures.ts'

/** Given to a task: `report` streams a value to the caller and resolves once the caller has dealt with it (back-pressure). */
export interface TaskContext<Progress> {
  report(value: Progress): Promise<void>
}

/** The default export of a task module. Input, output and progress travel by structured clone: plain data, typed arrays, maps; files by path. */
export type Task<Input, Output, Progress = never> = (input: Input, context: TaskContext<Progress>) => Promise<Output>

type AnyTask = (input: never, context: never) => Promise<unknown>
type ProgressOf<T extends AnyTask> = Parameters<T>[1] extends TaskContext<infer Progress> ? Progress : never

/** Bounds of one child: memory in bytes, times in milliseconds. */
export interface SandboxLimits {
  /** Resident memory of a child. Default 1 GB. */
  memory: number
  /** Longest run of a task, unless the call says otherwise. Default 180 s. */
  deadline: number
  /** Longest silence of a task, unless the call says otherwise. Default 60 s. */
  stall: number
  /** Tasks after which a child is replaced, so that what libraries leak does not add up. Default 50. */
  tasks: number
  /** How long an idle child is kept. Default 60 s. */
  idle: number
}

/** How one task is run. The clocks start when the task starts, not while it waits for a child. */
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

interface Waiting {
  start: (child: Child) => void
  cancel: (reason: Error) => void
}

const NICENESS = 10
const DEFAULTS: SandboxLimits = { memory: 1_000_000_000, deadline: 180_000, stall: 60_000, tasks: 50, idle: 60_000 }

/** Opens a pool of at most `size` children (default: cores − 1, at least 2 so that one bad file never holds up all others), started when needed. */
export function openSandbox(options: { size?: number; limits?: Partial<SandboxLimits> } = {}): Sandbox {
  const size = options.size ?? Math.max(2, availableParallelism() - 1)
  const limits = { ...DEFAULTS, ...options.limits }
  const children = new Set<Child>()
  const idle = new Map<Child, NodeJS.Timeout>()
  const queue = new Set<Waiting>()
  let closed = false

  const addChild = (): Child => {
    const child = startChild({ memory: limits.memory, niceness: NICENESS })
    children.add(child)
    void child.gone.then(() => {
      children.delete(child)
      clearTimeout(idle.get(child))
      idle.delete(child)
      serve()
    })
    return child
  }
  const takeChild = (): Child | undefined => {
    for (const [child, timer] of idle) {
      clearTimeout(timer)
      idle.delete(child)
      if (child.alive) return child
    }
    return children.size < size ? addChild() : undefined
  }
  const serve = (): void => {
    for (const waiting of queue) {
      const child = closed ? undefined : takeChild()
      if (!child) return
      queue.delete(waiting)
      waiting.start(child)
    }
  }
  const release = (child: Child): void => {
    if (!child.alive) return
    if (child.jobsDone >= limits.tasks) child.kill(new Cancelled('the child is replaced'))
    else idle.set(child, setTimeout(() => child.kill(new Cancelled('the child was idle')), limits.idle).unref())
    serve()
  }
  const runJob = async (job: Job, { signal, onStart }: Pick<RunOptions<never>, 'signal' | 'onStart'>): Promise<unknown> => {
    const child = await new Promise<Child>((start, cancel) => {
      const waiting: Waiting = { start, cancel }
      queue.add(waiting)
      signal?.addEventListener('abort', () => queue.delete(waiting) && cancel(new Cancelled('the caller aborted')), { once: true })
      serve()
    })
    const abort = (): void => child.kill(new Cancelled('the caller aborted'))
    signal?.addEventListener('abort', abort, { once: true })
    try {
      onStart?.()
      return await child.run(job)
    } finally {
      signal?.removeEventListener('abort', abort)
      release(child)
    }
  }

  return {
    size,
    run: (task, input, { signal, onProgress, onStart, deadline = limits.deadline, stall = limits.stall } = {}) => {
      if (closed || signal?.aborted) return Promise.reject(new Cancelled(closed ? 'the sandbox is closed' : 'the caller aborted'))
      const job: Job = { task: task.href, input, deadline, stall, onProgress: onProgress as Job['onProgress'] }
      return runJob(job, { signal, onStart }) as Promise<never>
    },
    close: async () => {
      closed = true
      const reason = new Cancelled('the sandbox is closed')
      for (const waiting of queue) waiting.cancel(reason)
      queue.clear()
      const gone = [...children].map((child) => child.gone)
      for (const child of children) child.kill(reason)
      await Promise.all(gone)
    },
  }
}
