import type pg from 'pg'
import { PgBoss, type Db } from 'pg-boss'
import type { Log } from '../log/log.ts'
import type { Sql } from '../sql/sql.ts'
import { schema } from './install.ts'

/** How often it is looked for jobs whose process has died: a dozen statements each time. */
const supervisionSeconds = 14

/** Starts pg-boss as a process that installs nothing uses it: with the statements of a pool, and what it is told on the connection of `sql.listen`. */
export async function startBoss({
  pool,
  sql,
  log,
}: {
  pool: pg.Pool
  sql: Pick<Sql, 'listen'>
  log: Log
}): Promise<PgBoss> {
  const boss = new PgBoss({
    db: toDb(pool, sql),
    schema,
    migrate: false,
    createSchema: false,
    schedule: false,
    useListenNotify: true,
    reindex: false,
    monitorVacuum: false,
    superviseIntervalSeconds: supervisionSeconds,
    monitorIntervalSeconds: supervisionSeconds,
  })
  boss.on('error', (error) => log.warn({ err: error }, 'jobs'))
  await boss.start()
  return boss
}

/** Statements go through the pool, which may be a pooler's; NOTIFY is heard where it can be. */
function toDb(pool: pg.Pool, { listen }: Pick<Sql, 'listen'>): Db {
  return {
    executeSql: (text, values) => pool.query(text, values),
    async listen(channel, onNotification, onReconnect) {
      const stop = await listen(channel, (payload) => (payload === null ? onReconnect() : onNotification(payload)))
      onReconnect()
      return { close: () => Promise.resolve(stop()) }
    },
  }
}
