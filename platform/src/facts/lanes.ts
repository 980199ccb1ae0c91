/** Work by key: a key never twice at once, and only so many keys at a time. A key asked for while it runs is run once more. */
export interface Lanes {
  ask(key: string): void
  /** Begins nothing more, and resolves when what runs has ended. */
  close(): Promise<void>
}

/** `work` never rejects: it deals with its own errors. */
export function createLanes(most: number, work: (key: string) => Promise<void>): Lanes {
  const running = new Map<string, Promise<void>>()
  const waiting = new Set<string>()
  let closed = false

  function begin(): void {
    for (const key of waiting) {
      if (running.size >= most) return
      if (running.has(key)) continue
      waiting.delete(key)
      running.set(
        key,
        work(key).finally(() => {
          running.delete(key)
          begin()
        }),
      )
    }
  }

  return {
    ask(key) {
      if (closed) return
      waiting.add(key)
      begin()
    },
    async close() {
      closed = true
      waiting.clear()
      await Promise.all(running.values())
    },
  }
}
