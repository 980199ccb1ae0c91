/** The task ran longer than its deadline, or reported nothing for longer than its stall limit; its process was killed. */
export class TimedOut extends Error {
  override name = 'TimedOut'
  readonly limit: 'deadline' | 'stall'
  /** @param limit which of the two limits was passed; `milliseconds` is its value. */
  constructor(limit: 'deadline' | 'stall', milliseconds: number) {
    super(limit === 'deadline' ? `not finished after ${milliseconds} ms` : `no progress for ${milliseconds} ms`)
    this.limit = limit
  }
}

/** The task's process held more memory than it may; it was killed. */
export class OutOfMemory extends Error {
  override name = 'OutOfMemory'
}

/** The task's process ended by itself (a native crash, a signal, an uncaught exception). */
export class Crashed extends Error {
  override name = 'Crashed'
}

/** The caller aborted the task, or the sandbox was closed. */
export class Cancelled extends Error {
  override name = 'Cancelled'
}

/** The task itself threw; its process lives on. `message` and `stack` are the task's own. */
export class TaskFailed extends Error {
  override name = 'TaskFailed'
  readonly cause: { name: string; message: string; stack: string }
  /** @param cause what was thrown in the child, as plain data. */
  constructor(cause: { name: string; message: string; stack: string }) {
    super(cause.message)
    this.cause = cause
    this.stack = cause.stack
  }
}
