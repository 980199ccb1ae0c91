import pg from 'pg'
import { PgBoss } from 'pg-boss'
import type { SqlConnection } from '../sql/sql.ts'
import type { Queue } from './jobs.ts'

/** The PostgreSQL schema that pg-boss keeps to itself. */
export const schema = 'jobs'
/** Together with how often it is looked for the dead (`jobs.ts`) less than half a minute. */
const heartbeatSeconds = 14
/** The most that pg-boss allows is a day. Death is told by the heart-beat, so this only ends what never ends. */
const longestSeconds = 12 * 3_600

/** Installs or upgrades the job tables, as the owner, and lets the plain role use them. They are the one exception to row security. */
export async function migrateJobs(owner: SqlConnection, queues: readonly Queue<object>[]): Promise<void> {
  const boss = new PgBoss({ ...owner, schema, supervise: false, schedule: false, max: 2 })
  boss.on('error', () => {})
  await boss.start()
  try {
    for (const queue of queues) {
      const options = {
        retryLimit: queue.retries,
        retryBackoff: true,
        retryDelay: 1,
        retryDelayMax: 60,
        heartbeatSeconds,
        expireInSeconds: longestSeconds,
        notify: true,
      }
      if (await boss.getQueue(queue.name)) await boss.updateQueue(queue.name, options)
      else await boss.createQueue(queue.name, { ...options, policy: 'singleton' })
    }
    await boss.getDb().executeSql(`grant usage on schema ${schema} to passerelle_app`)
    await boss.getDb().executeSql(`grant all on all tables in schema ${schema} to passerelle_app`)
    await boss.getDb().executeSql(`grant execute on all functions in schema ${schema} to passerelle_app`)
  } finally {
    await boss.stop({ graceful: false })
  }
}

/** The names of the queues that are not installed. */
export async function findMissingQueues(
  connection: SqlConnection,
  queues: readonly Queue<object>[],
): Promise<string[]> {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    const { rows } = await client.query<{ name: string }>(`select name from ${schema}.queue`)
    const installed = new Set(rows.map(({ name }) => name))
    return queues.map(({ name }) => name).filter((name) => !installed.has(name))
  } finally {
    await client.end()
  }
}

/** Gives jobs that a killed process held back to the queues at once. Only where no other process can be at work: embedded, at start. */
export async function reclaimJobs(owner: SqlConnection): Promise<void> {
  const client = new pg.Client(owner)
  await client.connect()
  try {
    await client.query(`update ${schema}.job set state = 'retry', start_after = now() where state = 'active'`)
  } finally {
    await client.end()
  }
}
