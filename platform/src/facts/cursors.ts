import { hostname } from 'node:os'
import pg from 'pg'
import { newId } from '../ids/ids.ts'
import { rowsOf, type Sql, type SqlConnection } from '../sql/sql.ts'
import type { Consumer } from './consumers.ts'

/** Where a consumer stands in an organisation, and the hold that keeps two processes from working on it at once. */
export interface Cursors {
  /** Null when another live process is at it. */
  hold(organizationId: string): Promise<Hold | null>
  load(organizationId: string): Promise<string>
}

/** The right to move a cursor. It is renewed for as long as it is kept, and lapses soon after its process has died. */
export interface Hold {
  /** Aborted when it lapsed all the same (the process stood still) and may be somebody else's: its holder stops. */
  readonly lost: AbortSignal
  save(position: string): Promise<void>
  release(): Promise<void>
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

  function keep(organizationId: string): Hold {
    const lost = new AbortController()
    const renew = async (): Promise<void> => {
      if (!(await update(organizationId, `held_until = ${until}`))) lost.abort(new Error('The hold has lapsed.'))
    }
    // A renewal that fails says nothing yet; the next one, or the next save, will.
    const timer = setInterval(() => void renew().catch(() => {}), holdMs / 3).unref()
    return {
      lost: lost.signal,
      async save(reached) {
        lost.signal.throwIfAborted()
        await position?.save(organizationId, reached)
        if (!(await update(organizationId, `position = $4, held_until = ${until}`, [reached]))) lost.abort()
        lost.signal.throwIfAborted()
      },
      async release() {
        clearInterval(timer)
        await update(organizationId, 'holder = null')
      },
    }
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
      return rows.length > 0 ? keep(organizationId) : null
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
