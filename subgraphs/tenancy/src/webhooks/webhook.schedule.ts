const firstMs = 15_000
const longestMs = 6 * 3_600_000

/** How long a message is tried, in milliseconds. */
export const patienceMs = 24 * 3_600_000

interface Tries {
  /** How many there have been. */
  attempts: number
  /** Of the first of them. */
  since: Date
  /** What the receiver asked for. */
  retryAfterMs: number | null
}

/**
 * When to try again, or null when a day of it is over: after 15 seconds, then three times as long each time up to six hours, each a fifth earlier or later by chance, so
 * that messages that failed together do not come back together. A receiver that asks for more time has it, up to six hours.
 */
export function nextTry({ attempts, since, retryAfterMs }: Tries, now: Date): Date | null {
  const usual = Math.min(firstMs * 3 ** (attempts - 1), longestMs) * chance()
  const wait = Math.max(usual, Math.min(retryAfterMs ?? 0, longestMs))
  return patiently(wait, { since, now })
}

/**
 * When a message may be sent that was put off because nothing arrives, or null when its day is over: its turns come as far apart as if it had been sent each time, and are not counted
 * as tries.
 */
export function nextTurn(since: Date, now: Date): Date | null {
  const waited = now.getTime() - since.getTime()
  return patiently(Math.min(Math.max(firstMs, 2 * waited), longestMs) * chance(), { since, now })
}

function chance(): number {
  return 0.8 + Math.random() * 0.4
}

function patiently(wait: number, { since, now }: { since: Date; now: Date }): Date | null {
  const next = new Date(now.getTime() + wait)
  return next.getTime() - since.getTime() > patienceMs ? null : next
}
