import { startChild, type Child } from './child.ts'
import { Cancelled } from './failures.ts'

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

/** The children of a sandbox and the queue for them. */
export interface Pool {
  /** A free child, in order of asking. Rejects with Cancelled when the signal or `close` comes first. */
  take(signal?: AbortSignal): Promise<Child>
  /** Gives a child back. */
  release(child: Child): void
  /** Kills every child, cancels who waits, and resolves when all are gone. */
  close(): Promise<void>
}

interface Waiting {
  resolve: (child: Child) => void
  reject: (reason: Error) => void
}

const NICENESS = 5

/** Makes a pool that starts up to `size` children as they are needed. */
export function createPool(size: number, limits: SandboxLimits): Pool {
  const children = new Set<Child>()
  const idle = new Map<Child, NodeJS.Timeout>()
  const queue = new Set<Waiting>()
  const serve = (): void => {
    for (const waiting of queue) {
      const child = takeIdle(idle) ?? (children.size < size ? addChild() : undefined)
      if (!child) return
      queue.delete(waiting)
      waiting.resolve(child)
    }
  }
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
  return {
    take: async (signal) => {
      const { promise, ...waiting } = Promise.withResolvers<Child>()
      const leave = (): void => {
        if (queue.delete(waiting)) waiting.reject(new Cancelled('the caller aborted'))
      }
      queue.add(waiting)
      signal?.addEventListener('abort', leave, { once: true })
      serve()
      return promise.finally(() => signal?.removeEventListener('abort', leave))
    },
    release: (child) => {
      if (!child.alive) return
      if (child.jobsDone >= limits.tasks) return child.kill(new Cancelled('the child is replaced'))
      idle.set(child, setTimeout(() => child.kill(new Cancelled('the child was idle')), limits.idle).unref())
      serve()
    },
    close: async () => {
      const reason = new Cancelled('the sandbox is closed')
      for (const waiting of queue) waiting.reject(reason)
      queue.clear()
      const gone = [...children].map((child) => child.gone)
      for (const child of children) child.kill(reason)
      await Promise.all(gone)
    },
  }
}

function takeIdle(idle: Map<Child, NodeJS.Timeout>): Child | undefined {
  for (const [child, timer] of idle) {
    clearTimeout(timer)
    idle.delete(child)
    if (child.alive) return child
  }
  return undefined
}
