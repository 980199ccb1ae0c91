import { InvalidInput } from '../schema/refusals.ts'

/** The milliseconds of a time-to-live. InvalidInput when it is none. */
export function toMilliseconds(ttlSeconds: number): number {
  if (!Number.isFinite(ttlSeconds) || ttlSeconds <= 0)
    throw new InvalidInput('A time-to-live is a number of seconds above 0.', ['ttlSeconds'])
  return ttlSeconds * 1000
}

/** InvalidInput when the size of an entry is none. */
export function requireSize(size: number): void {
  if (!(size >= 0)) throw new InvalidInput('The size of an entry is a number, 0 or more.', ['entry', 'size'])
}

/** InvalidInput when the rule of a rate limit makes no sense. */
export function requireRule({
  limit,
  windowSeconds,
  cost,
}: {
  limit: number
  windowSeconds: number
  cost: number
}): void {
  if (!(limit >= 0) || !(cost >= 0)) throw new InvalidInput('A limit and a cost are numbers, 0 or more.', ['rule'])
  if (!Number.isFinite(windowSeconds) || windowSeconds <= 0)
    throw new InvalidInput('A window is a number of seconds above 0.', ['rule', 'windowSeconds'])
}
