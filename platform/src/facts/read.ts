import { CompiledQuery } from 'kysely'
import type { Sql } from '../sql/sql.ts'
import type { Fact } from './facts.ts'

interface FactRow {
  position: number
  type: string
  payload: Record<string, unknown>
  actor: string | null
  occurred_at: Date
}

/** Up to `limit` facts after the position, oldest first. */
export async function readFacts(sql: Sql, organizationId: string, { after, limit }: { after: string; limit: number }): Promise<Fact[]> {
  return sql.withOrganization({ organizationId }, async (tx) => {
    const { rows } = await tx.executeQuery<FactRow>(
      CompiledQuery.raw(
        `select position, type, payload, actor, occurred_at from platform.fact
         where organization_id = $1 and position > $2 order by position limit $3`,
        [organizationId, after, limit],
      ),
    )
    return rows.map((row) => ({
      organizationId,
      position: String(row.position),
      type: row.type,
      payload: row.payload,
      actor: row.actor,
      occurredAt: row.occurred_at,
    }))
  })
}

/** The newest position of an organisation, '0' before its first fact. */
export async function readHead(sql: Sql, organizationId: string): Promise<string> {
  return sql.withOrganization({ organizationId }, async (tx) => {
    const { rows } = await tx.executeQuery<{ position: number }>(
      CompiledQuery.raw(`select position from platform.fact_head where organization_id = $1`, [organizationId]),
    )
    return String(rows[0]?.position ?? 0)
  })
}
