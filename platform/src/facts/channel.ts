/** A queue between who pushes and one async reader. `return()` ends a waiting reader at once, which an async generator cannot do. */
export interface Channel<T> extends AsyncIterableIterator<T> {
  push(value: T): void
  fail(error: unknown): void
  end(): void
}

export function createChannel<T>(onEnd: () => void = () => {}): Channel<T> {
  const values: T[] = []
  let waiting: { resolve: (result: IteratorResult<T>) => void; reject: (error: unknown) => void } | null = null
  let ended = false
  let failure: { error: unknown } | null = null

  function finish(): void {
    if (ended) return
    ended = true
    waiting?.resolve({ value: undefined, done: true })
    waiting = null
    onEnd()
  }

  return {
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
    next() {
      if (values.length > 0) return Promise.resolve({ value: values.shift() as T, done: false })
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
