import { hostname } from 'node:os'
import pg from 'pg'
import { newId } from '../ids/ids.ts'
import { rowsOf, type Sql, type SqlConnection } from '../sql/sql.ts'
import type { Consumer } from './consumers.ts'
import { keepHold, type Hold } from './hold.ts'

/** Where a consumer stands in an organisation, and the hold that keeps two processes from working on it at once. */
export interface Cursors {
  /** Null when another live process is at it. */
  hold(organizationId: string): Promise<Hold | null>
  load(organizationId: string): Promise<string>
}

/** `holdMs`: how long a hold outlives its last renewal. */
export function openCursors(sql: Sql, { name, position }: Consumer, { holdMs }: { holdMs: number }): Cursors {
  const holder = `${hostname()}:${process.pid}:${newId('hold')}`
  const until = `now() + ${Math.round(holdMs)} * interval '1 millisecond'`

  function query<Row>(organizationId: string, text: string, extra: readonly unknown[] = []): Promise<Row[]> {
    return sql.withOrganization({ organizationId }, (tx) => rowsOf<Row>(tx, text, [organizationId, name, ...extra]))
  }

  /** Changes the cursor's row while it is ours; false when it is not. */
  async function update(organizationId: string, change: string, extra: readonly unknown[] = []): Promise<boolean> {
    const rows = await query(
      organizationId,
      `update platform.fact_cursor set ${change} where organization_id = $1 and consumer = $2 and holder = $3 returning 1`,
      [holder, ...extra],
    )
    return rows.length > 0
  }

  return {
    async hold(organizationId) {
      const rows = await query(
        organizationId,
        `insert into platform.fact_cursor as cursor (organization_id, consumer, holder, held_until) values ($1, $2, $3, ${until})
         on conflict (organization_id, consumer) do update set holder = $3, held_until = ${until}
         where cursor.holder is null or cursor.held_until < now() returning 1`,
        [holder],
      )
      if (rows.length === 0) return null
      return keepHold((change, extra) => update(organizationId, change, extra), {
        holdMs,
        until,
        savePosition: async (reached) => position?.save(organizationId, reached),
      })
    },
    async load(organizationId) {
      if (position) return position.load(organizationId)
      const [row] = await query<{ position: number }>(
        organizationId,
        `select position from platform.fact_cursor where organization_id = $1 and consumer = $2`,
      )
      return String(row?.position ?? 0)
    },
  }
}

/** Frees what a killed process held. Only where no other process can be at work: embedded, at start. */
export async function releaseHolds(owner: SqlConnection): Promise<void> {
  const client = new pg.Client(owner)
  await client.connect()
  try {
    await client.query('update platform.fact_cursor set holder = null where holder is not null')
  } finally {
    await client.end()
  }
}
