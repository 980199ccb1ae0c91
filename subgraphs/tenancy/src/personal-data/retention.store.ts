import { rowsOf, type Sql, type Tx } from '@passerelle/platform/sql'
import { unitOf } from '@passerelle/platform/sql/unit'

/** How long an organisation keeps one kind of thing. */
export interface RetentionRule {
  noun: string
  days: number
  setBy: string | null
  setAt: Date
  appliedAt: Date | null
  /** How many it has removed since it was set. */
  removed: number
}

export function listRules(tx: Tx): Promise<RetentionRule[]> {
  return rowsOf<RetentionRule>(
    tx,
    `select noun, days, set_by as "setBy", set_at as "setAt", applied_at as "appliedAt", removed
     from tenancy.retention_rule order by noun`,
    [],
  )
}

export async function saveRule(
  tx: Tx,
  { noun, days, setBy }: Pick<RetentionRule, 'noun' | 'days' | 'setBy'>,
): Promise<void> {
  await rowsOf(
    tx,
    `insert into tenancy.retention_rule as rule (organization_id, noun, days, set_by) values ($1, $2, $3, $4)
     on conflict (organization_id, noun) do update
     set days = excluded.days, set_by = excluded.set_by, set_at = now(), applied_at = null, removed = 0`,
    [unitOf(tx).scope.organizationId, noun, days, setBy],
  )
}

/** False when there was none. */
export async function deleteRule(tx: Tx, noun: string): Promise<boolean> {
  const rows = await rowsOf(tx, 'delete from tenancy.retention_rule where noun = $1 returning noun', [noun])
  return rows.length > 0
}

export async function noteRemoved(tx: Tx, noun: string, removed: number): Promise<void> {
  await rowsOf(tx, 'update tenancy.retention_rule set removed = removed + $2 where noun = $1', [noun, removed])
}

export async function noteApplied(tx: Tx, noun: string): Promise<void> {
  await rowsOf(tx, 'update tenancy.retention_rule set applied_at = now() where noun = $1', [noun])
}

/** Who has rules that have not run since the moment. */
export async function listOverdue(sql: Sql, since: Date): Promise<string[]> {
  const rows = await sql.query<{ id: string }>('select id from tenancy.organizations_with_retention($1) as id', [since])
  return rows.map(({ id }) => id)
}
