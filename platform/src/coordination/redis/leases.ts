import { z } from 'zod'
import type { GrantedLease, LeaseStore, WaiterRow } from '../semaphore/leases.ts'
import type { Queue } from '../semaphore/turns.ts'
import type { RedisChannels } from './channels.ts'
import type { Connection } from './connection.ts'
import { toSemaphoreKeys } from './keys.ts'
import { scripts, type Script } from './scripts.ts'

export interface RedisLeaseOptions {
  connection: Connection
  channels: RedisChannels
  prefix: string
  name: string
  /** Tells one client's changes from another's. */
  holder: string
  leaseMs: number
  /** For how long a server that has lost its memory grants nothing, milliseconds. */
  settleMs: number
}

/** The waiters and leases of one semaphore in Redis; each verb is one script, and so atomic. */
export function createRedisLeases(options: RedisLeaseOptions): LeaseStore {
  const { connection, channels, prefix, name, holder, leaseMs, settleMs } = options
  const keys = toSemaphoreKeys(prefix, name)
  const [state = ''] = keys
  const run = (script: Script, capacity: number, args: readonly (string | number)[] = []): Promise<unknown> =>
    connection.run(script, keys, (server) => [capacity, leaseMs, settleMs, holder, server, ...args])

  let reading: Promise<Snapshot> | null = null
  /** What is asked for at once is answered by one look, and so agrees. */
  function read(): Promise<Snapshot> {
    if (!reading) {
      reading = run(scripts.read, 0).then(toSnapshot)
      queueMicrotask(() => (reading = null))
    }
    return reading
  }

  return {
    async enqueue(row, capacity) {
      const { id, priority, organizationId, weight, queuedAt } = row
      const age = Math.max(0, Date.now() - queuedAt)
      const args = [id, `${priority} ${toWord(organizationId)}`, weight, age, toText(row)]
      return toLeases(await run(scripts.enqueue, capacity, args))
    },
    advance: async (capacity) => toLeases(await run(scripts.step, capacity, ['', 1])),
    leave: async (id, capacity) => toLeases(await run(scripts.step, capacity, [id, 0])),
    cancel: async (id, organizationId) => (await run(scripts.cancel, 0, [id, toWord(organizationId)])) === 1,
    async renew(rows, capacity) {
      const args = rows.flatMap((row) =>
        row.token === null ? [row.id, '', '', ''] : [row.id, row.token, row.weight, toText(row)],
      )
      return new Set(z.array(z.string()).parse(await run(scripts.renew, capacity, args)))
    },
    queue: async (capacity) => ({ capacity, ...(await read()).queue }),
    waiting: async () => (await read()).waiting,
    running: async () => (await read()).running,
    hear(onLeases) {
      const hear = (message: string): void => {
        const [by, ...news] = message.split(' ')
        if (by !== holder) onLeases(toLeases(news))
      }
      const look = async (): Promise<void> => onLeases((await read()).leases)
      // What cannot be looked at now comes with the next beat.
      return channels.listen(`${state}:news`, hear, () => void look().catch(() => undefined))
    },
    watch: (onChange) => channels.listen(`${state}:changes`, (by) => void (by !== holder && onChange()), onChange),
  }
}

/** What a script needs of a call, then what it does not. */
function toText({ organizationId, userId, task, model, weight, priority }: WaiterRow): string {
  return `${weight} ${priority} ${toWord(organizationId)} ${JSON.stringify({ userId, task, model })}`
}

/** An organisation without spaces, for they part a row. */
const toWord = (organizationId: string): string => organizationId.replace(/[%\s]/g, encodeURIComponent)

/** From ids and tokens in a row. */
function toLeases(reply: unknown): GrantedLease[] {
  if (!Array.isArray(reply)) return []
  const leases: GrantedLease[] = []
  for (let index = 0; index < reply.length; index += 2)
    leases.push({ id: String(reply[index]), token: reply[index + 1] === '-' ? null : Number(reply[index + 1]) })
  return leases
}

interface Snapshot {
  leases: GrantedLease[]
  queue: Omit<Queue, 'capacity'>
  waiting: WaiterRow[]
  running: Awaited<ReturnType<LeaseStore['running']>>
}

const priority = z.enum(['interactive', 'batch'])
const call = z.object({ userId: z.string().nullable(), task: z.string(), model: z.string() })
const snapshot = z.tuple([z.coerce.number(), z.array(z.string()), z.array(z.string()), z.array(z.string())])

/** The server's times become ours. */
function toSnapshot(reply: unknown): Snapshot {
  const [now, leases, waiters, state] = snapshot.parse(reply)
  const ahead = Date.now() - now
  const running = toRows(leases)
    .map(({ id, token, at, call }) => ({ ...call, id, token, since: new Date(at + ahead) }))
    .toSorted((left, right) => left.token - right.token)
  const waiting = toRows(waiters)
    .toSorted((left, right) => left.at - right.at || left.place - right.place)
    .map(({ id, token, at, call }) => ({ ...call, id, tokenWhenQueued: token, queuedAt: at + ahead }))
  return {
    queue: { running, waiting, turns: toTurns(state, ahead) },
    waiting,
    leases: running,
    running: running.map(({ id, organizationId, userId, task, model, weight, since }) => ({
      id,
      organizationId,
      userId,
      task,
      model,
      weight,
      since,
    })),
  }
}

/** A row is a token, a time, a waiter's place, weight, priority, organisation, and the rest as JSON. */
const ROW = /^(\d+) (\d+) (?:(\d+) )?(\d+) (interactive|batch) (\S*) (.*)$/s

function toRows(list: readonly string[]) {
  return toPairs(list).map(([id, text]) => {
    const [, token, at, place, weight, line, organization = '', json = ''] = ROW.exec(text) ?? []
    return {
      id,
      token: Number(token),
      at: Number(at),
      place: Number(place),
      call: {
        organizationId: decodeURIComponent(organization),
        ...call.parse(JSON.parse(json)),
        weight: Number(weight),
        priority: priority.parse(line),
      },
    }
  })
}

function toTurns(state: readonly string[], ahead: number): Queue['turns'] {
  return toPairs(state).flatMap(([key, at]) => {
    const [, line, organization = ''] = /^(interactive|batch) (\S*)$/.exec(key) ?? []
    if (!line) return []
    return { priority: priority.parse(line), organizationId: decodeURIComponent(organization), at: Number(at) + ahead }
  })
}

function toPairs(list: readonly string[]): [string, string][] {
  return Array.from({ length: list.length / 2 }, (_, index) => [list[index * 2] ?? '', list[index * 2 + 1] ?? ''])
}
