/** A queue between who pushes and one async reader. `return()` ends a waiting reader at once, which an async generator cannot do. */
export interface Channel<T> extends AsyncIterableIterator<T> {
  /** How many values wait to be read. */
  readonly size: number
  readonly ended: boolean
  push(value: T): void
  fail(error: unknown): void
  end(): void
  /** Resolves once nothing waits to be read any more, or the channel has ended: when a writer that can wait should write again. */
  drained(): Promise<void>
}

/** An empty channel. `onEnd` is called once, when it ends for whatever reason. */
export function createChannel<T>(onEnd: () => void = () => {}): Channel<T> {
  const values: T[] = []
  const writers: (() => void)[] = []
  let waiting: { resolve: (result: IteratorResult<T>) => void; reject: (error: unknown) => void } | null = null
  let ended = false
  let failure: { error: unknown } | null = null

  function wakeWriters(): void {
    for (const wake of writers.splice(0)) wake()
  }

  function finish(): void {
    if (ended) return
    ended = true
    waiting?.resolve({ value: undefined, done: true })
    waiting = null
    wakeWriters()
    onEnd()
  }

  return {
    get size() {
      return values.length
    },
    get ended() {
      return ended
    },
    push(value) {
      if (ended) return
      if (waiting) waiting.resolve({ value, done: false })
      else values.push(value)
      waiting = null
    },
    fail(error) {
      if (ended) return
      if (waiting) waiting.reject(error)
      else failure = { error }
      waiting = null
      finish()
    },
    end: finish,
    drained() {
      if (ended || values.length === 0) return Promise.resolve()
      return new Promise((resolve) => writers.push(resolve))
    },
    next() {
      if (values.length > 0) {
        const value = values.shift() as T
        if (values.length === 0) wakeWriters()
        return Promise.resolve({ value, done: false })
      }
      if (failure) {
        const { error } = failure
        failure = null
        return Promise.reject(error)
      }
      if (ended) return Promise.resolve({ value: undefined, done: true })
      return new Promise((resolve, reject) => (waiting = { resolve, reject }))
    },
    return() {
      values.length = 0
      finish()
      return Promise.resolve({ value: undefined, done: true })
    },
    throw(error) {
      finish()
      return Promise.reject(error)
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
