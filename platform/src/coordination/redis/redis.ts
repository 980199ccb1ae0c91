export { toRedisAddress } from './address.ts'
export { inspectRedis, type RedisInspection } from './inspect.ts'

import { newId } from '../../ids/ids.ts'
import type { Log } from '../../log/log.ts'
import { InvalidInput } from '../../schema/refusals.ts'
import type { Coordination, Semaphore } from '../coordination.ts'
import { createSemaphore } from '../semaphore/semaphore.ts'
import { toRedisAddress } from './address.ts'
import { createRedisChannels } from './channels.ts'
import { connect } from './connection.ts'
import { createRedisLeases } from './leases.ts'
import { createRedisLimit } from './limits.ts'
import { createRedisMemory } from './memory.ts'

export interface RedisCoordinationOptions {
  /** `redis://…`, `rediss://…`, `redis-cluster://host,host…` or `rediss-cluster://…`. */
  url: string
  /** When the address does not say it. */
  password?: string | undefined
  log: Log
  /** Before every key and channel: houses with different ones know nothing of each other. */
  prefix?: string
  /** How long a lease lives without a heart-beat, milliseconds; its heart beats four times in it. */
  leaseMs?: number
  /**
   * For how long a semaphore grants nothing on a server that has lost its memory, milliseconds. As long as a lease, every holder has entered
   * again by then or given up.
   */
  settleMs?: number
}

/**
 * Coordination on Redis 7 or Valkey, one server or a cluster, for any number of processes. Opens also when Redis is away: then, and whenever it
 * goes, every call throws EngineUnavailable('coordination') within two seconds, and works again by itself.
 */
export async function openRedisCoordination(options: RedisCoordinationOptions): Promise<Coordination> {
  const { url, password, log, prefix = 'passerelle:', leaseMs = 20_000, settleMs = leaseMs } = options
  const address = toRedisAddress(url, password)
  if (!address) throw new InvalidInput('This is not the address of a Redis.', ['url'])
  const connection = connect(address, log)
  const channels = createRedisChannels(connection, prefix, log)
  const semaphores = new Map<string, ReturnType<typeof createSemaphore>>()
  const holder = newId('hld')
  await connection.opened()

  return {
    memory: createRedisMemory(connection, prefix),
    limit: createRedisLimit(connection, prefix),
    publish: channels.publish,
    subscribe: channels.subscribe,
    semaphore(name, { capacity }): Semaphore {
      const known = semaphores.get(name)
      if (known) return known
      const store = createRedisLeases({ connection, channels, prefix, name, holder, leaseMs, settleMs })
      const semaphore = createSemaphore({ store, capacity, leaseMs })
      semaphores.set(name, semaphore)
      return semaphore
    },
    async health() {
      // Something that changes the server, for a replica answers too, but that needs no memory: a full one still does its work.
      await connection.ask((client) => client.unlink(`${prefix}health`))
    },
    async close() {
      await Promise.allSettled([...semaphores.values()].map((semaphore) => semaphore.close()))
      channels.close()
      connection.close()
    },
  }
}
