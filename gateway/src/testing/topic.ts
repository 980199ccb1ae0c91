/** A source of events that a test feeds, and that knows how many listen to it. */
export interface Topic<Event> {
  publish(event: Event): void
  /** Makes every listener fail. */
  break(error: Error): void
  listen(): AsyncIterableIterator<Event>
  listeners(): number
}

export function createTopic<Event>(): Topic<Event> {
  const open = new Set<{ push(event: Event): void; fail(error: Error): void }>()
  return {
    publish: (event) => open.forEach((listener) => listener.push(event)),
    break: (error) => open.forEach((listener) => listener.fail(error)),
    listeners: () => open.size,
    listen() {
      const waiting: PromiseWithResolvers<IteratorResult<Event>>[] = []
      const arrived: Event[] = []
      const listener = {
        push(event: Event) {
          const reader = waiting.shift()
          if (reader) reader.resolve({ value: event, done: false })
          else arrived.push(event)
        },
        fail: (error: Error) => waiting.shift()?.reject(error),
      }
      open.add(listener)
      return {
        async next() {
          const event = arrived.shift()
          if (event !== undefined) return { value: event, done: false }
          const reader = Promise.withResolvers<IteratorResult<Event>>()
          waiting.push(reader)
          return reader.promise
        },
        async return() {
          open.delete(listener)
          for (const reader of waiting.splice(0)) reader.resolve({ value: undefined, done: true })
          return { value: undefined, done: true }
        },
        [Symbol.asyncIterator]() {
          return this
        },
      }
    },
  }
}
