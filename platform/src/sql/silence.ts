import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { SqlConnection } from './sql.ts'

/** How long a connection may be in use before the server is asked whether it is still there, and how long it has to answer. */
const patienceMs = 5_000

/** How long the end of connections may take: what is under way on them is given that, and a silent server no more. */
const goodbyeMs = 8_000

/**
 * Notices a server that keeps its connections and says nothing, long before a statement's own time is over: while one is in use for more than five
 * seconds, another is opened beside it. When that is not answered either, all that were in use by then are broken, so that who waits hears of it.
 * A server that refuses, with whatever reason, is there; one that only works long is left alone.
 */
export function watchSilence(pool: pg.Pool, connection: SqlConnection): { close(): void } {
  const taken = new Map<pg.PoolClient, number>()
  pool.on('acquire', (client) => taken.set(client, Date.now()))
  pool.on('release', (_error, client) => taken.delete(client))
  pool.on('remove', (client) => taken.delete(client))

  async function look(): Promise<void> {
    const before = Date.now() - patienceMs
    const suspects = [...taken].filter(([, since]) => since < before)
    if (suspects.length === 0 || (await answers(connection))) return
    // Whoever has let go meanwhile was answered. The rest fail with what they ask, and the pool puts others in their place.
    for (const [client, since] of suspects) if (taken.get(client) === since) void client.end().catch(() => {})
  }

  let looking = false
  const timer = setInterval(() => {
    if (looking) return
    looking = true
    void look().finally(() => (looking = false))
  }, patienceMs / 2).unref()
  return { close: () => clearInterval(timer) }
}

/** Opening a connection makes the server itself speak, or a pooler before it, and waits for nobody else's statement. */
async function answers(connection: SqlConnection): Promise<boolean> {
  const client = new pg.Client({ ...connection, connectionTimeoutMillis: patienceMs })
  client.on('error', () => {})
  try {
    await client.connect()
    return true
  } catch (error) {
    return error instanceof pg.DatabaseError
  } finally {
    void client.end().catch(() => {})
  }
}

/** Waits for connections to be ended, but not for a server that does not say goodbye. */
export async function sayGoodbye(end: () => Promise<void>): Promise<void> {
  await Promise.race([end(), sleep(goodbyeMs, undefined, { ref: false })])
}
