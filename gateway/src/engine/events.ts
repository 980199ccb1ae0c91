/**
 * Turns each event into another, one at a time, in order. Not a generator: `return()` reaches the source at once, even while an event
 * is awaited, so that a subscriber who leaves frees what the source holds. When the source fails, the subscriber is thrown what
 * `toFailure` makes of it; one who has left, or whose signal is aborted, is told nothing more.
 */
export function mapEvents<From, To>(
  source: AsyncIterable<From>,
  toEvent: (event: From) => Promise<To>,
  { toFailure = (error) => error, signal }: { toFailure?: (error: unknown) => unknown; signal?: AbortSignal } = {},
): AsyncGenerator<To, undefined, undefined> {
  const events = source[Symbol.asyncIterator]()
  let ended = false
  const end = async (): Promise<IteratorReturnResult<undefined>> => {
    if (!ended) {
      ended = true
      await events.return?.()
    }
    return { value: undefined, done: true }
  }
  return {
    async next() {
      if (ended) return { value: undefined, done: true }
      try {
        const event = await events.next()
        if (event.done || ended) return await end()
        return { value: await toEvent(event.value), done: false }
      } catch (error) {
        const left = ended || signal?.aborted
        const done = await end()
        if (left) return done
        throw toFailure(error)
      }
    },
    return: end,
    async throw(error) {
      await end()
      throw error
    },
    [Symbol.asyncIterator]() {
      return this
    },
    async [Symbol.asyncDispose]() {
      await end()
    },
  }
}
