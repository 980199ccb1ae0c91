import { z } from 'zod'
import type { GrantedLease, KnownRow, LeaseStore, WaiterRow } from '../semaphore/leases.ts'
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
  const channel = `${prefix}semaphore:${name}`
  const run = (script: Script, capacity: number, args: readonly (string | number)[] = []): Promise<unknown> =>
    connection.run(script, keys, [capacity, leaseMs, settleMs, holder, channel, ...args])

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
    async enqueue({ id, queuedAt, ...row }, capacity) {
      const age = Math.max(0, Date.now() - queuedAt)
      return toLeases(await run(scripts.enqueue, capacity, [id, JSON.stringify(row), age]))
    },
    advance: async (capacity) => toLeases(await run(scripts.step, capacity, [''])),
    leave: async (id, capacity) => toLeases(await run(scripts.step, capacity, [id])),
    cancel: async (id, organizationId) => (await run(scripts.cancel, 0, [id, organizationId])) === 1,
    async renew(rows, capacity) {
      const args = rows.flatMap((row) => (row.token === null ? [row.id, '', ''] : [row.id, row.token, toLeaseRow(row)]))
      return new Set(z.array(z.string()).parse(await run(scripts.renew, capacity, args)))
    },
    queue: async (capacity) => ({ capacity, ...(await read()).queue }),
    waiting: async () => (await read()).waiting,
    running: async () => (await read()).running,
    watch: (onChange) =>
      channels.listen(channel, (message) => {
        const [by, ...news] = message.split(' ')
        if (by !== holder) onChange(toLeases(news.filter((part) => part !== '')))
      }),
  }
}

function toLeaseRow({ organizationId, userId, task, model, weight }: KnownRow): string {
  return JSON.stringify({ organizationId, userId, task, model, weight })
}

/** From ids and tokens in a row. */
function toLeases(reply: unknown): GrantedLease[] {
  const parts = z.array(z.string()).parse(reply)
  return Array.from({ length: parts.length / 2 }, (_, index) => {
    const [id = '', token = ''] = parts.slice(index * 2)
    return { id, token: token === '-' ? null : Number(token) }
  })
}

interface Snapshot {
  queue: Omit<Queue, 'capacity'>
  waiting: WaiterRow[]
  running: Awaited<ReturnType<LeaseStore['running']>>
}

const call = z.object({
  organizationId: z.string(),
  userId: z.string().nullable(),
  task: z.string(),
  model: z.string(),
  weight: z.number(),
  token: z.coerce.number(),
})
const leaseRow = call.extend({ since: z.number() })
const priority = z.enum(['interactive', 'batch'])
const waiterRow = call.extend({ priority, queuedAt: z.number(), position: z.number() })
const snapshot = z.tuple([z.coerce.number(), z.array(z.string()), z.array(z.string()), z.array(z.string())])

/** The server's times become ours. */
function toSnapshot(reply: unknown): Snapshot {
  const [now, leases, waiters, turns] = snapshot.parse(reply)
  const ahead = Date.now() - now
  const running = toPairs(leases)
    .map(([id, text]) => ({ id, ...leaseRow.parse(JSON.parse(text)) }))
    .toSorted((left, right) => left.token - right.token)
  const waiting = toPairs(waiters)
    .map(([id, text]) => ({ id, ...waiterRow.parse(JSON.parse(text)) }))
    .map((row) => ({ ...row, queuedAt: row.queuedAt + ahead, tokenWhenQueued: row.token }))
    .toSorted((left, right) => left.queuedAt - right.queuedAt || left.position - right.position)
  return {
    queue: { running, waiting, turns: toPairs(turns).map(([key, at]) => toTurn(key, Number(at) + ahead)) },
    waiting,
    running: running.map(({ token: _token, since, ...row }) => ({ ...row, since: new Date(since + ahead) })),
  }
}

function toTurn(key: string, at: number): Queue['turns'][number] {
  const space = key.indexOf(' ')
  return { priority: priority.parse(key.slice(0, space)), organizationId: key.slice(space + 1), at }
}

function toPairs(list: readonly string[]): [string, string][] {
  return Array.from({ length: list.length / 2 }, (_, index) => [list[index * 2] ?? '', list[index * 2 + 1] ?? ''])
}
