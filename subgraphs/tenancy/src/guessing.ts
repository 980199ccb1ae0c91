import { createHash } from 'node:crypto'
import { newId } from '@passerelle/platform/ids'
import type { Platform } from '@passerelle/platform/subgraph'
import { TooManyAttempts } from './refusals.ts'

const mostAttempts = 10
const windowSeconds = 15 * 60
/** Attempts are counted before it is known whose organisation the address is of, and whether it is anybody's. */
const nobody = 'platform'

/**
 * Counts an attempt to log in with this address, which is refused with TooManyAttempts after ten within a quarter of an hour, whether or not
 * there is such an account. Attempts made at once are counted one by one. Answers what to call when the attempt was right, which forgives
 * those before it.
 */
export async function countAttempt(
  { coordination }: Pick<Platform, 'coordination'>,
  address: string,
): Promise<() => Promise<void>> {
  const name = `log-in:${createHash('sha256').update(address.toLowerCase()).digest('hex')}`
  const since = (await coordination.memory.get(nobody, name)) ?? 'first'
  const answer = await coordination.limit(nobody, `${name}:${since}`, { limit: mostAttempts, windowSeconds })
  if (!answer.allowed) throw new TooManyAttempts(answer.resetsAt)
  return () => coordination.memory.set(nobody, name, newId('log'), windowSeconds)
}
