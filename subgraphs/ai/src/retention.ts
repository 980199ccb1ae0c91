import type { RetentionNoun } from '@passerelle/platform/privacy'
import { rowsOf, type Tx } from '@passerelle/platform/sql'

/** Conversations go with their answers, calls with what was said in them. */
export const aiRetention: readonly RetentionNoun[] = [
  byAge('ai.conversation', 'updated_at'),
  byAge('ai.job', 'started_at'),
]

function byAge(table: 'ai.conversation' | 'ai.job', moment: 'updated_at' | 'started_at'): RetentionNoun {
  return {
    noun: table,
    legalMinimumDays: 0,
    async count(tx: Tx, before) {
      const [row] = await rowsOf<{ count: number }>(tx, `select count(*) as count from ${table} where ${moment} < $1`, [
        before,
      ])
      return row?.count ?? 0
    },
    async remove(tx: Tx, { before, most }) {
      const rows = await rowsOf(
        tx,
        `delete from ${table} where id in (select id from ${table} where ${moment} < $1 order by id limit $2) returning id`,
        [before, most],
      )
      return rows.length
    },
  }
}
