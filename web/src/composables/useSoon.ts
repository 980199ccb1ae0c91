import { onScopeDispose } from 'vue'

/**
 * Gives a way to ask for `work`, which is done once, `ms` milliseconds after the first who asks: many changes at a time come to one run, and one
 * that comes alone is not lost, nor one that comes while a run is under way, which may not know of it: another follows. A failure is left to the next
 * run; nothing runs once the calling component is gone.
 */
export function useSoon(work: () => Promise<unknown> | undefined, ms: number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let running = false
  let wanted = false
  let gone = false

  function soon(): void {
    if (gone) return
    if (running) wanted = true
    else timer ??= setTimeout(() => void run(), ms)
  }

  async function run(): Promise<void> {
    timer = undefined
    running = true
    try {
      await work()
    } catch {
      // Left to the next run.
    }
    running = false
    if (!wanted) return
    wanted = false
    soon()
  }

  onScopeDispose(() => {
    gone = true
    clearTimeout(timer)
  })
  return soon
}
