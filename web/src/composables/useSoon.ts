import { onScopeDispose } from 'vue'

/**
 * Gives a way to ask for `work`, which is done once, `ms` milliseconds after the first who asks: many changes at a time come to one run, and one
 * that comes alone is not lost. A failure is left to the next run; nothing runs once the calling component is gone.
 */
export function useSoon(work: () => Promise<unknown> | undefined, ms: number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  onScopeDispose(() => clearTimeout(timer))
  return () => {
    timer ??= setTimeout(() => {
      timer = undefined
      work()?.catch(() => undefined)
    }, ms)
  }
}
