/** What one side writes at its pace and the other reads at its own. Bounded by what is written: an answer, not an endless stream. */
export function createOutbox<T>(): {
  write(item: T): void
  end(): void
  fail(error: unknown): void
  read(): AsyncGenerator<T>
} {
  const items: T[] = []
  let ended: { error?: unknown } | null = null
  let wake = Promise.withResolvers<void>()
  const tell = () => wake.resolve()
  return {
    write(item) {
      items.push(item)
      tell()
    },
    end() {
      ended ??= {}
      tell()
    },
    fail(error) {
      ended ??= { error }
      tell()
    },
    async *read() {
      for (;;) {
        for (let item = items.shift(); item !== undefined; item = items.shift()) yield item
        if (ended && 'error' in ended) throw ended.error
        if (ended) return
        wake = Promise.withResolvers<void>()
        await wake.promise
      }
    },
  }
}
