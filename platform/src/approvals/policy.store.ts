import { sql, type Selectable } from 'kysely'
import { holdName, keepName } from '../sql/hold.ts'
import type { Tx } from '../sql/sql.ts'
import type { Tables } from './approval.store.ts'

/** What an organisation asks of a kind beyond what the kind asks for. */
export interface ApprovalPolicy {
  kind: string
  requiredScope: string | null
  fourEyes: boolean
  lifetimeHours: number | null
}

async function findPolicy(tx: Tx, kind: string): Promise<ApprovalPolicy | null> {
  const row = await tx
    .withTables<Tables>()
    .selectFrom('platform.approval_policy')
    .selectAll()
    .where('kind', '=', kind)
    .executeTakeFirst()
  return row ? toPolicy(row) : null
}

/** The same, which nobody changes before the transaction is over. */
export async function keepPolicy(tx: Tx, kind: string): Promise<ApprovalPolicy | null> {
  await keepName(tx, `approval_policy ${kind}`)
  return findPolicy(tx, kind)
}

/** The same, to change it: what is being proposed at this moment is there first. */
export async function holdPolicy(tx: Tx, kind: string): Promise<ApprovalPolicy | null> {
  await holdName(tx, `approval_policy ${kind}`)
  return findPolicy(tx, kind)
}

export async function listPolicies(tx: Tx): Promise<ApprovalPolicy[]> {
  const rows = await tx.withTables<Tables>().selectFrom('platform.approval_policy').selectAll().execute()
  return rows.map(toPolicy)
}

export async function writePolicy(
  tx: Tx,
  { kind, requiredScope, fourEyes, lifetimeHours }: ApprovalPolicy,
  by: { organizationId: string; userId: string | null },
): Promise<void> {
  const asked = {
    required_scope: requiredScope,
    four_eyes: fourEyes,
    lifetime_hours: lifetimeHours,
    updated_at: new Date(),
    updated_by: by.userId,
  }
  await tx
    .withTables<Tables>()
    .insertInto('platform.approval_policy')
    .values({ organization_id: by.organizationId, kind, ...asked })
    .onConflict((conflict) => conflict.columns(['organization_id', 'kind']).doUpdateSet(asked))
    .execute()
}

/** Holds what waits already to what is asked from now on; it is never eased. */
export async function tightenPending(
  tx: Tx,
  { kind, requiredScope, fourEyes, lifetimeHours }: ApprovalPolicy,
): Promise<void> {
  await sql`
    update platform.approval set
      four_eyes = four_eyes or ${fourEyes},
      required_scopes = case when ${requiredScope}::text is null or ${requiredScope} = any(required_scopes)
        then required_scopes else required_scopes || ${requiredScope}::text end,
      expires_at = least(expires_at, coalesce(created_at + make_interval(hours => ${lifetimeHours}::int), expires_at))
    where kind = ${kind} and status = 'PENDING'`.execute(tx)
}

function toPolicy(row: Selectable<Tables['platform.approval_policy']>): ApprovalPolicy {
  return {
    kind: row.kind,
    requiredScope: row.required_scope,
    fourEyes: row.four_eyes,
    lifetimeHours: row.lifetime_hours,
  }
}
