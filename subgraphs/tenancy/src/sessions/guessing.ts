import { createHash } from 'node:crypto'
import { networkAround, placeOf } from '@passerelle/platform/identity/networks'
import { newId } from '@passerelle/platform/ids'
import type { Platform } from '@passerelle/platform/subgraph'
import { TooManyAttempts } from '../refusals.ts'

const windowSeconds = 15 * 60

/**
 * Attempts to log in, and to open an account, by who makes them. Beyond its limit a counter does not lock: it lets one attempt through from time to time (`slowly`), so that
 * guessing is hopeless and waiting is short. A device that has logged in with the address before is counted alone: nobody else's guesses stand in its way.
 */
const rules = {
  device: { limit: 10, slowly: null },
  network: { limit: 600, slowly: null },
  addressFromNetwork: { limit: 10, slowly: { limit: 1, windowSeconds: 60 } },
  address: { limit: 100, slowly: { limit: 6, windowSeconds: 60 } },
  opening: { limit: 600, slowly: null },
  wrongOpening: { limit: 30, slowly: null },
  signUp: { limit: 30, slowly: { limit: 1, windowSeconds: 60 } },
} satisfies Record<string, Rule>

const mostChanges = 10
const mostResets = 3
const mostResetsOfCaller = 30

interface Rule {
  limit: number
  slowly: { limit: number; windowSeconds: number } | null
}

/** Attempts are counted before it is known whose organisation the address is of, and whether it is anybody's. */
const nobody = 'platform'

type Counter = Pick<Platform, 'coordination'>

/** Who tries to log in with an address: `device` is one that has before, `caller` a network address. */
export interface Attempt {
  address: string
  device: string | null
  caller: string | undefined
}

/**
 * Counts an attempt to log in, which is refused with TooManyAttempts when too many were made, whether or not there is such an account. Attempts
 * made at once are counted one by one. Answers what to call when the attempt was right, which forgives those that the same place made before it.
 */
export async function countAttempt(counter: Counter, attempt: Attempt): Promise<() => Promise<void>> {
  const { address, device } = attempt
  const own = device ? nameOf('log-in-on', `${device} ${address}`) : null
  if (own && (await take(counter, own, rules.device)) === null) return () => forgive(counter, own)
  const network = placeOf(attempt.caller)
  const here = nameOf('log-in', `${address} ${network}`)
  await demand(counter, nameOf('log-in-from', network), rules.network)
  await demand(counter, here, rules.addressFromNetwork)
  await demand(counter, nameOf('log-in-of', address), rules.address)
  return () => forgive(counter, here)
}

/** Counts a try of the own password in an open session: ten in a quarter of an hour, then TooManyAttempts. Nobody else's log-in is touched. */
export function countChange(counter: Counter, userId: string): Promise<void> {
  return demand(counter, nameOf('change', userId), { limit: mostChanges, slowly: null })
}

/** Who has shown by mail whose the address is may try again at once, from wherever they do. */
export async function forgiveAttempts(counter: Counter, { address, caller }: Omit<Attempt, 'device'>): Promise<void> {
  await forgive(counter, nameOf('log-in', `${address} ${placeOf(caller)}`))
  await forgive(counter, nameOf('log-in-of', address))
}

/**
 * Counts a link that was asked for. TooManyAttempts after three for an address within a quarter of an hour, so that no mailbox is filled, and after
 * thirty from one caller, whose whole office may share a network address; what a caller is refused uses up nobody's three.
 */
export async function countReset(
  counter: Counter,
  { address, caller }: { address: string; caller: string | undefined },
): Promise<void> {
  if (caller !== undefined)
    await demand(counter, nameOf('reset-by', caller), { limit: mostResetsOfCaller, slowly: null })
  await demand(counter, nameOf('reset', address), { limit: mostResets, slowly: null })
}

/**
 * Counts somebody who opens an account: thirty in a quarter of an hour from all of a network (256 addresses of IPv4, a site of IPv6), then one a minute, else
 * TooManyAttempts. An answer tells whether an address has an account, and each costs an organisation.
 */
export async function countSignUp(counter: Counter, caller: string | undefined): Promise<void> {
  if (caller !== undefined)
    await demand(counter, nameOf('sign-up-from', networkAround(caller) ?? placeOf(caller)), rules.signUp)
}

/**
 * Counts the opening of a client's link from a network, which is refused with TooManyAttempts beyond what an office of people makes. Answers what to call
 * when the link did not hold: of these there are few, and they stand in the way of no link that does.
 */
export async function countOpening(counter: Counter, caller: string | undefined): Promise<() => Promise<void>> {
  const network = placeOf(caller)
  await demand(counter, nameOf('open-from', network), rules.opening)
  return () => demand(counter, nameOf('open-wrong-from', network), rules.wrongOpening)
}

async function demand(counter: Counter, name: string, rule: Rule): Promise<void> {
  const resetsAt = await take(counter, name, rule)
  if (resetsAt) throw new TooManyAttempts(resetsAt)
}

/** Null when it was let through; else when the next one is. */
async function take({ coordination }: Counter, name: string, { limit, slowly }: Rule): Promise<Date | null> {
  const since = (await coordination.memory.get(nobody, name)) ?? 'first'
  const answer = await coordination.limit(nobody, `${name}:${since}`, { limit, windowSeconds })
  if (answer.allowed) return null
  if (!slowly) return answer.resetsAt
  const late = await coordination.limit(nobody, `${name}:${since}:slowly`, slowly)
  if (late.allowed) return null
  return answer.resetsAt < late.resetsAt ? answer.resetsAt : late.resetsAt
}

/** Counts anew from here on. */
function forgive({ coordination }: Counter, name: string): Promise<void> {
  return coordination.memory.set(nobody, name, newId('log'), windowSeconds)
}

function nameOf(what: string, who: string): string {
  return `${what}:${createHash('sha256').update(who.toLowerCase()).digest('hex')}`
}
