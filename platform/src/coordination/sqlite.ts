import { resolve } from 'node:path'
import type { Log } from '../log/log.ts'
import { createChannels } from './channels.ts'
import type { Coordination, Semaphore } from './coordination.ts'
import { createSemaphore } from './semaphore/semaphore.ts'
import { openDatabase } from './sqlite-database.ts'
import { createSqliteLeases, enterHolder, leaveHolder } from './sqlite-leases.ts'
import { createLimit, sweepLimits } from './sqlite-limits.ts'
import { createMemory, sweepMemory } from './sqlite-memory.ts'

export interface SqliteCoordinationOptions {
  /** Where `coordination.sqlite` lives; made when it is not there. */
  folder: string
  log: Log
  /** How long a lease lives without a heart-beat, milliseconds; its heart beats four times in it. */
  leaseMs?: number
}

const SWEEP_MS = 30_000

/**
 * Coordination without a server: one SQLite file. What dead processes held is dropped here, at open. Memory, limits and semaphores are
 * shared by all who open the folder; channels stay in the process. Throws EngineUnavailable('coordination') when the folder cannot be written.
 */
export async function openSqliteCoordination({
  folder,
  log,
  leaseMs = 20_000,
}: SqliteCoordinationOptions): Promise<Coordination> {
  const database = openDatabase(folder)
  const holder = enterHolder(database)
  const channels = createChannels(resolve(folder), log)
  const semaphores = new Map<string, ReturnType<typeof createSemaphore>>()

  const sweep = setInterval(() => {
    try {
      sweepMemory(database)
      sweepLimits(database)
    } catch (error) {
      log.warn({ err: error }, 'Expired entries could not be swept.')
    }
  }, SWEEP_MS).unref()

  return {
    memory: createMemory(database),
    limit: createLimit(database),
    publish: channels.publish,
    subscribe: channels.subscribe,
    semaphore(name, { capacity }): Semaphore {
      const known = semaphores.get(name)
      if (known) return known
      const store = createSqliteLeases({ database, name, holder, leaseMs })
      const semaphore = createSemaphore({ store, capacity, leaseMs })
      semaphores.set(name, semaphore)
      return semaphore
    },
    async health() {
      database.write(() => database.sql('select 1').get())
    },
    async close() {
      clearInterval(sweep)
      for (const semaphore of semaphores.values()) await semaphore.close()
      channels.close()
      leaveHolder(database, holder)
      database.close()
    },
  }
}
