/** What a reader makes of a value after which there is nothing more to say. */
export const over = Symbol('over')

/**
 * Turns an iterator of one thing into an iterator of another, ending the source at once when the reader goes, even while it waits; null
 * results are passed over, and `over` is the end.
 */
export function subscriptionOf<In, Out>(
  source: AsyncIterableIterator<In>,
  toOut: (value: In) => Out | null | typeof over | Promise<Out | null | typeof over>,
  initial: readonly Out[] = [],
): AsyncIterableIterator<Out> {
  const first = [...initial]
  const end = async (): Promise<IteratorReturnResult<undefined>> => {
    await source.return?.()
    return { value: undefined, done: true }
  }
  return {
    async next() {
      const early = first.shift()
      if (early !== undefined) return { value: early, done: false }
      for (;;) {
        const result = await source.next()
        if (result.done) return { value: undefined, done: true }
        const out = await toOut(result.value)
        if (out === over) return end()
        if (out !== null) return { value: out, done: false }
      }
    },
    return: end,
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
