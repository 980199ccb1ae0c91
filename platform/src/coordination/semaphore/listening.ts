import type { LeaseStore } from './leases.ts'

/** For how long it goes on when nobody needs it: the next look is often near. */
const LINGER_MS = 10_000

interface ListeningOptions {
  store: LeaseStore
  onChange: () => void
  /** Whether anyone here wants to know. */
  needed: () => boolean
}

/** Hears of every change only while somebody wants to know, so that a store need not tell everything to everyone. */
export function createListening({ store, onChange, needed }: ListeningOptions) {
  let stop: (() => void) | null = null

  function end(): void {
    stop?.()
    stop = null
  }

  const look = setInterval(() => {
    if (!needed()) end()
  }, LINGER_MS).unref()

  return {
    /** Begins, if it is needed. */
    look(): void {
      if (needed()) stop ??= store.watch(onChange)
    },
    close(): void {
      clearInterval(look)
      end()
    },
  }
}
