/**
 * Turns an iterator of one thing into an iterator of another, ending the source at once when the reader goes, even while it waits; null
 * results are passed over.
 */
export function subscriptionOf<In, Out>(
  source: AsyncIterableIterator<In>,
  toOut: (value: In) => Out | null | Promise<Out | null>,
  initial: readonly Out[] = [],
): AsyncIterableIterator<Out> {
  const first = [...initial]
  return {
    async next() {
      const early = first.shift()
      if (early !== undefined) return { value: early, done: false }
      for (;;) {
        const result = await source.next()
        if (result.done) return { value: undefined, done: true }
        const out = await toOut(result.value)
        if (out !== null) return { value: out, done: false }
      }
    },
    async return() {
      await source.return?.()
      return { value: undefined, done: true }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
