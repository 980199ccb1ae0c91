import { ModelFailure } from './provider.ts'

/** A signal that follows `signal`, and aborts by itself when what was last awaited does not come in time, or at `end`. */
export function createDeadline(signal: AbortSignal): {
  signal: AbortSignal
  await(what: string, ms: number): void
  end(): void
} {
  const late = new AbortController()
  let timer: NodeJS.Timeout | undefined
  return {
    signal: AbortSignal.any([signal, late.signal]),
    await(what, ms) {
      clearTimeout(timer)
      timer = setTimeout(() => late.abort(new ModelFailure('slow', `No ${what} came within ${ms} ms.`)), ms)
    },
    end() {
      clearTimeout(timer)
      late.abort()
    },
  }
}
