/** Opened keys of a process: a bounded number, each for a while. Whoever asks at the same moment shares one answer; a failure is not kept. */
export interface KeyCache<Value> {
  get(id: string, load: () => Promise<Value>): Promise<Value>
  forget(id: string): void
}

export function createKeyCache<Value>({ lifetimeMs, most }: { lifetimeMs: number; most: number }): KeyCache<Value> {
  const kept = new Map<string, { value: Promise<Value>; until: number }>()
  return {
    get(id, load) {
      const found = kept.get(id)
      if (found && found.until > Date.now()) return found.value
      const value = load()
      kept.delete(id)
      kept.set(id, { value, until: Date.now() + lifetimeMs })
      // What was put in first goes first.
      const [oldest] = kept.keys()
      if (kept.size > most && oldest !== undefined) kept.delete(oldest)
      value.catch(() => {
        if (kept.get(id)?.value === value) kept.delete(id)
      })
      return value
    },
    forget: (id) => void kept.delete(id),
  }
}
