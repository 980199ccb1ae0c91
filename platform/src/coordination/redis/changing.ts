import { z } from 'zod'
import type { GrantedLease, WaiterRow } from '../semaphore/leases.ts'
import type { Connection } from './connection.ts'
import type { Changes } from './gathering.ts'
import { scripts } from './scripts.ts'

interface ChangingOptions {
  connection: Connection
  /** Of the semaphore, in the order of its scripts. */
  keys: readonly string[]
  holder: string
  /** What a script of the policy is told before its own arguments. */
  toSettings(server: string, capacity: number): readonly (string | number)[]
  /** Priority and organisation, and all that is kept of a call. */
  toLine(row: WaiterRow): string
  toText(row: WaiterRow): string
}

const queuedAndLeases = z.tuple([z.number()], z.string())

/**
 * Carries out what a process wants of a queue in one moment, and answers its new leases. While nobody waits, that is one short step, with little to
 * send; the policy is only asked when somebody does, or has no room. Which of the two it is, is told by the answer before.
 */
export function createChanging(options: ChangingOptions): (changes: Changes) => Promise<GrantedLease[]> {
  const { connection, keys, holder, toSettings, toLine, toText } = options
  const [state = '', , leases = ''] = keys
  const few = [state, leases]
  let someoneWaits = false

  /** Answers the leases of the first who come, as far as there is room; null when nothing has been done. */
  async function atOnce({ leaving, entering, capacity }: Changes): Promise<GrantedLease[] | null> {
    const args: (string | number)[] = [leaving.length]
    for (const { id, weight } of leaving) {
      if (weight === undefined) return null
      args.push(id, weight)
    }
    for (const row of entering) args.push(row.id, row.weight, toLine(row), toText(row))
    const reply = await connection.run(scripts.atOnce, few, (server) => [capacity, holder, server, ...args])
    if (!Array.isArray(reply)) return null
    const [count, ...granted] = reply
    return entering.slice(0, Number(count)).map(({ id }, index) => ({ id, token: Number(granted[index]) }))
  }

  async function inTurn({ leaving, entering, capacity }: Changes): Promise<GrantedLease[]> {
    const args: (string | number)[] = [leaving.length]
    for (const { id } of leaving) args.push(id)
    const now = Date.now()
    for (const row of entering) args.push(row.id, row.weight, Math.max(0, now - row.queuedAt), toLine(row), toText(row))
    const reply = await connection.run(scripts.change, keys, (server) => [...toSettings(server, capacity), ...args])
    const [queued, ...granted] = queuedAndLeases.parse(reply)
    someoneWaits = queued > 0
    return toLeases(granted)
  }

  return async (changes) => {
    const entered = someoneWaits ? null : await atOnce(changes)
    if (!entered) return inTurn(changes)
    const entering = changes.entering.slice(entered.length)
    if (entering.length === 0) return entered
    return [...entered, ...(await inTurn({ ...changes, leaving: [], entering }))]
  }
}

/** From ids and tokens in a row. */
export function toLeases(reply: unknown): GrantedLease[] {
  if (!Array.isArray(reply)) return []
  const leases: GrantedLease[] = []
  for (let index = 0; index < reply.length; index += 2)
    leases.push({ id: String(reply[index]), token: reply[index + 1] === '-' ? null : Number(reply[index + 1]) })
  return leases
}
