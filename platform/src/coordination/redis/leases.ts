import { z } from 'zod'
import type { GrantedLease, LeaseStore, WaiterRow } from '../semaphore/leases.ts'
import type { Queue } from '../semaphore/turns.ts'
import type { RedisChannels } from './channels.ts'
import { createChanging, toLeases } from './changing.ts'
import type { Connection } from './connection.ts'
import { gatherChanges } from './gathering.ts'
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
  const toSettings = (server: string, capacity: number) => [capacity, leaseMs, settleMs, holder, server]
  const run = (script: Script, capacity: number, args: readonly (string | number)[] = []): Promise<unknown> =>
    connection.run(script, keys, (server) => [...toSettings(server, capacity), ...args])

  let reading: Promise<Snapshot> | null = null
  /** What is asked for at once is answered by one look, and so agrees. */
  function read(): Promise<Snapshot> {
    if (!reading) {
      reading = run(scripts.read, 0).then((reply) => toSnapshot(reply, holder))
      queueMicrotask(() => (reading = null))
    }
    return reading
  }

  const toLine = ({ priority, organizationId }: WaiterRow): string => `${priority} ${toWord(organizationId)}`
  /** What a script needs of a call, then what it does not. */
  const toText = (row: WaiterRow): string => {
    const { userId, task, model } = row
    return `${row.weight} ${toLine(row)} ${holder} ${JSON.stringify({ userId, task, model })}`
  }

  const changes = gatherChanges(createChanging({ connection, keys, holder, toSettings, toLine, toText }))

  let lookers = 0
  const look = (): Promise<unknown> => run(scripts.watch, 0)

  return {
    enqueue: changes.enter,
    leave: changes.leave,
    advance: async (capacity) => toLeases(await run(scripts.step, capacity)),
    cancel: async (id, organizationId) => (await run(scripts.cancel, 0, [id, toWord(organizationId)])) === 1,
    async renew(rows, capacity) {
      if (lookers > 0) await look()
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
      const readAll = async (): Promise<void> => onLeases((await read()).leases)
      // What cannot be looked at now comes with the next beat.
      return channels.listen(`${state}:news`, hear, () => void readAll().catch(() => undefined))
    },
    watch(onChange) {
      lookers += 1
      const hear = (by: string): void => void (by !== holder && onChange())
      // Nothing is told before somebody has said that he looks on; who cannot say so now does with the next beat.
      const begin = () => void look().then(onChange, onChange)
      const stop = channels.listen(`${state}:changes`, hear, begin)
      return () => {
        lookers -= 1
        stop()
      }
    },
  }
}

/** An organisation without spaces, for they part a row. */
const toWord = (organizationId: string): string => organizationId.replace(/[%\s]/g, encodeURIComponent)

interface Snapshot {
  /** Of this process. */
  leases: GrantedLease[]
  queue: Omit<Queue, 'capacity'>
  waiting: WaiterRow[]
  running: Awaited<ReturnType<LeaseStore['running']>>
}

const priority = z.enum(['interactive', 'batch'])
const call = z.object({ userId: z.string().nullable(), task: z.string(), model: z.string() })
const snapshot = z.tuple([z.coerce.number(), z.array(z.string()), z.array(z.string()), z.array(z.string())])

/** The server's times become ours. */
function toSnapshot(reply: unknown, own: string): Snapshot {
  const [now, leases, waiters, state] = snapshot.parse(reply)
  const ahead = Date.now() - now
  const running = toRows(leases)
    .map(({ id, token, at, holder, call }) => ({ ...call, id, token, holder, since: new Date(at + ahead) }))
    .toSorted((left, right) => left.token - right.token)
  const waiting = toRows(waiters)
    .toSorted((left, right) => left.at - right.at || left.place - right.place)
    .map(({ id, token, at, call }) => ({ ...call, id, tokenWhenQueued: token, queuedAt: at + ahead }))
  return {
    queue: { running, waiting, turns: toTurns(state, ahead) },
    waiting,
    leases: running.filter(({ holder }) => holder === own),
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

/** A row is a token, a time, a waiter's place, weight, priority, organisation, holder, and the rest as JSON. */
const ROW = /^(\d+) (\d+) (?:(\d+) )?(\d+) (interactive|batch) (\S*) (\S+) (.*)$/s

function toRows(list: readonly string[]) {
  return toPairs(list).map(([id, text]) => {
    const [, token, at, place, weight, line, organization = '', holder, json = ''] = ROW.exec(text) ?? []
    return {
      id,
      token: Number(token),
      at: Number(at),
      place: Number(place),
      holder,
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
