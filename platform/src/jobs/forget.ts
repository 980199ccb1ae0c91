import type pg from 'pg'
import { schema } from './install.ts'

/** What a job was given is of people, and nobody needs it once the job is over. */
export interface Forget {
  /** The job with all it was given: a kill right behind finds none to do again. */
  done(queue: string, id: string): Promise<void>
  /** What it was given alone: that it was given up is still told. */
  givenUp(queue: string, id: string): Promise<void>
}

/** Removes from the tables of pg-boss what would otherwise stay there for days. */
export function createForget(pool: Pick<pg.Pool, 'query'>): Forget {
  return {
    async done(queue, id) {
      await pool.query(`delete from ${schema}.job where name = $1 and id = $2`, [queue, id])
    },
    async givenUp(queue, id) {
      await pool.query(`update ${schema}.job set data = data - 'data' where name = $1 and id = $2`, [queue, id])
    },
  }
}
