/**
 * When something that last changed at `before` changes now: always later, even within a millisecond or by the clock of another machine that runs
 * behind. Of two copies of it, the one with the later moment is the newer one.
 */
export function momentAfter(before: Date): Date {
  return new Date(Math.max(Date.now(), before.getTime() + 1))
}
