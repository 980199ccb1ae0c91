import type pg from 'pg'
import { PgBoss } from 'pg-boss'
import { z } from 'zod'
import type { SqlConnection } from '../sql/sql.ts'
import { schema } from './install.ts'

/** Work that was not done yet, apart from how it is kept: the tables of the queues are another library's, and differ between its versions. */
const carriedJob = z.object({
  queue: z.string(),
  data: z.object({ organizationId: z.string() }).loose(),
  priority: z.number(),
  key: z.string(),
  /** Of what is to be done later; backups of before do not say. */
  notBefore: z.iso.datetime({ offset: true }).nullish(),
})

/** The query for the jobs that are not done, a JSON text each. */
export const unfinishedJobs = `
  select json_build_object('queue', name, 'data', data, 'priority', priority, 'key', singleton_key,
    'notBefore', case when start_after > now() then start_after end)
  from ${schema}.job where state in ('created', 'retry', 'active') and singleton_key is not null order by created_on`

/**
 * Puts jobs into their queues, which have to be installed, in the transaction of `client`. Each is due when it was; what was being done begins again. Takes the JSON of
 * `unfinishedJobs`; throws for what is none.
 */
export async function carryJobs(
  owner: SqlConnection,
  client: pg.ClientBase,
  jobs: AsyncIterable<unknown> | Iterable<unknown>,
): Promise<number> {
  const boss = new PgBoss({ ...owner, schema, supervise: false, schedule: false, migrate: false, max: 2 })
  boss.on('error', () => {})
  await boss.start()
  let carried = 0
  try {
    const db = { executeSql: (text: string, values?: unknown[]) => client.query(text, values) }
    for await (const text of jobs) {
      const { queue, data, priority, key, notBefore } = carriedJob.parse(text)
      const later = notBefore && { startAfter: new Date(notBefore) }
      await boss.send(queue, data, { db, group: { id: data.organizationId }, singletonKey: key, priority, ...later })
      carried++
    }
  } finally {
    await boss.stop({ graceful: false })
  }
  return carried
}
