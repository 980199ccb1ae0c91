import { rowsOf, type Sql } from '../sql/sql.ts'
import type { Fact } from './facts.ts'

interface FactRow {
  position: number
  type: string
  payload: Record<string, unknown>
  actor: string | null
  occurred_at: Date
  origin: unknown
}

/** Up to `limit` facts after the position, oldest first. */
export async function readFacts(
  sql: Sql,
  organizationId: string,
  { after, limit }: { after: string; limit: number },
): Promise<Fact[]> {
  return sql.withOrganization({ organizationId }, async (tx) => {
    const rows = await rowsOf<FactRow>(
      tx,
      `select position, type, payload, actor, occurred_at, origin from platform.fact
       where organization_id = $1 and position > $2 order by position limit $3`,
      [organizationId, after, limit],
    )
    return rows.map((row) => ({
      organizationId,
      position: String(row.position),
      type: row.type,
      payload: row.payload,
      actor: row.actor,
      occurredAt: row.occurred_at,
      origin: row.origin,
    }))
  })
}

/** The newest position of an organisation, '0' before its first fact. */
export async function readHead(sql: Sql, organizationId: string): Promise<string> {
  return sql.withOrganization({ organizationId }, async (tx) => {
    const [row] = await rowsOf<{ position: number }>(
      tx,
      `select position from platform.fact_head where organization_id = $1`,
      [organizationId],
    )
    return String(row?.position ?? 0)
  })
}

/** The newest position of every organisation that has facts. */
export async function readHeads(sql: Sql): Promise<Map<string, number>> {
  const rows = await sql.query<{ organization_id: string; head: number }>('select * from platform.fact_heads()')
  return new Map(rows.map((row) => [row.organization_id, row.head]))
}
