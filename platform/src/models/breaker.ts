/** Stops calling a server that keeps failing: after `failures` in a row nothing is let through for `restMs`, then one at a time until one succeeds. */
export function createBreaker({ failures, restMs }: { failures: number; restMs: number }) {
  let inARow = 0
  let openUntil = 0
  let trying = false

  const isOpen = () => inARow >= failures && (trying || Date.now() < openUntil)
  return {
    isOpen,
    /** Tells of a call about to be made; false when it must not be. */
    enter(): boolean {
      if (isOpen()) return false
      trying = inARow >= failures
      return true
    },
    /** Tells how a call that was let in ended; 'unknown' (cancelled, refused) is neither good nor bad. */
    leave(outcome: 'good' | 'bad' | 'unknown'): void {
      trying = false
      if (outcome === 'good') inARow = 0
      if (outcome === 'bad') {
        inARow += 1
        openUntil = Date.now() + restMs
      }
    },
  }
}
