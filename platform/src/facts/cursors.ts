import { CompiledQuery } from 'kysely'
import { hostname } from 'node:os'
import pg from 'pg'
import type { Sql, SqlConnection } from '../sql/sql.ts'
import type { Consumer } from './consumers.ts'

/** Where a consumer stands in an organisation, and the hold that keeps two processes from working on it at once. */
export interface Cursors {
  /** False when another live process is at it. A hold lapses 15 s after its last save. */
  hold(organizationId: string): Promise<boolean>
  release(organizationId: string): Promise<void>
  load(organizationId: string): Promise<string>
  save(organizationId: string, position: string): Promise<void>
}

const holder = `${hostname()}:${process.pid}:${Date.now()}`
const holdSeconds = 15

export function openCursors(sql: Sql, { name, position }: Consumer): Cursors {
  async function query<Row>(organizationId: string, text: string, extra: readonly unknown[] = []): Promise<Row[]> {
    return sql.withOrganization({ organizationId }, async (tx) => {
      const { rows } = await tx.executeQuery<Row>(CompiledQuery.raw(text, [organizationId, name, ...extra]))
      return rows
    })
  }
  const renew = `held_until = now() + interval '${holdSeconds} seconds'`

  return {
    async hold(organizationId) {
      const rows = await query(
        organizationId,
        `insert into platform.fact_cursor as cursor (organization_id, consumer, holder, held_until)
         values ($1, $2, $3, now() + interval '${holdSeconds} seconds')
         on conflict (organization_id, consumer) do update set holder = $3, ${renew}
         where cursor.holder is null or cursor.holder = $3 or cursor.held_until < now() returning 1`,
        [holder],
      )
      return rows.length > 0
    },
    async release(organizationId) {
      await query(organizationId, `update platform.fact_cursor set holder = null where organization_id = $1 and consumer = $2 and holder = $3`, [holder])
    },
    async load(organizationId) {
      if (position) return position.load(organizationId)
      const rows = await query<{ position: number }>(
        organizationId,
        `select position from platform.fact_cursor where organization_id = $1 and consumer = $2`,
      )
      return String(rows[0]?.position ?? 0)
    },
    async save(organizationId, reached) {
      await position?.save(organizationId, reached)
      await query(organizationId, `update platform.fact_cursor set position = $3, ${renew} where organization_id = $1 and consumer = $2`, [reached])
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
