import { createHash } from 'node:crypto'
import { newId } from '@passerelle/platform/ids'
import type { Platform } from '@passerelle/platform/subgraph'
import { TooManyAttempts } from './refusals.ts'

const mostAttempts = 10
const mostResets = 3
const mostResetsOfCaller = 30
const windowSeconds = 15 * 60
/** Attempts are counted before it is known whose organisation the address is of, and whether it is anybody's. */
const nobody = 'platform'

type Counter = Pick<Platform, 'coordination'>

/**
 * Counts an attempt to log in with this address, which is refused with TooManyAttempts after ten within a quarter of an hour, whether or not
 * there is such an account. Attempts made at once are counted one by one. Answers what to call when the attempt was right, which forgives
 * those before it.
 */
export async function countAttempt({ coordination }: Counter, address: string): Promise<() => Promise<void>> {
  const name = nameOf('log-in', address)
  const since = (await coordination.memory.get(nobody, name)) ?? 'first'
  const answer = await coordination.limit(nobody, `${name}:${since}`, { limit: mostAttempts, windowSeconds })
  if (!answer.allowed) throw new TooManyAttempts(answer.resetsAt)
  return () => forgiveAttempts({ coordination }, address)
}

/** Who has shown otherwise whose the address is may try again at once. */
export function forgiveAttempts({ coordination }: Counter, address: string): Promise<void> {
  return coordination.memory.set(nobody, nameOf('log-in', address), newId('log'), windowSeconds)
}

/**
 * Counts a link that was asked for. TooManyAttempts after three for an address within a quarter of an hour, so that no mailbox is filled, and after
 * thirty from one caller, whose whole office may share a network address; what a caller is refused uses up nobody's three.
 */
export async function countReset(
  { coordination }: Counter,
  { address, caller }: { address: string; caller: string | undefined },
): Promise<void> {
  const rules = [
    ...(caller === undefined ? [] : [{ name: nameOf('reset-by', caller), limit: mostResetsOfCaller }]),
    { name: nameOf('reset', address), limit: mostResets },
  ]
  for (const { name, limit } of rules) {
    const answer = await coordination.limit(nobody, name, { limit, windowSeconds })
    if (!answer.allowed) throw new TooManyAttempts(answer.resetsAt)
  }
}

function nameOf(what: string, who: string): string {
  return `${what}:${createHash('sha256').update(who.toLowerCase()).digest('hex')}`
}
