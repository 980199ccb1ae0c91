import { sql, type JSONColumnType, type RawBuilder, type Selectable } from 'kysely'
import type { AuditAuthor } from '../audit/audit.ts'
import type { Viewer } from '../schema/viewer.ts'
import type { Tx } from '../sql/sql.ts'
import type { Approval, ApprovalStatus } from './approval.ts'
import type { Words } from './kind.ts'

/** The rows of approvals, as PostgreSQL has them. */
export type Tables = {
  'platform.approval': {
    id: string
    organization_id: string
    kind: string
    payload: JSONColumnType<object>
    proposed_payload: JSONColumnType<object>
    preview: JSONColumnType<Words>
    status: ApprovalStatus
    author: AuditAuthor
    proposer_id: string | null
    proposer_key_id: string | null
    proposer_key_holders: string[]
    answer_id: string | null
    request_key: string | null
    note: string | null
    required_scopes: string[]
    four_eyes: boolean
    is_edited: boolean
    decider_id: string | null
    reason: string | null
    result: JSONColumnType<object> | null
    failure: JSONColumnType<{ code: string; message: string }> | null
    attempts: number
    created_at: Date
    updated_at: Date
    expires_at: Date
    decided_at: Date | null
    finished_at: Date | null
  }
  'platform.approval_policy': {
    organization_id: string
    kind: string
    required_scope: string | null
    four_eyes: boolean
    lifetime_hours: number | null
    updated_at: Date
    updated_by: string | null
  }
}

export type ApprovalRow = Selectable<Tables['platform.approval']>

/** Keeps it; one that its proposer has proposed under the same name already is that one, as it was first. */
export async function insertApproval(tx: Tx, approval: Approval): Promise<{ approval: Approval; isNew: boolean }> {
  const tables = tx.withTables<Tables>()
  const row = await tables
    .insertInto('platform.approval')
    .values({
      id: approval.id,
      organization_id: approval.organizationId,
      kind: approval.kind,
      proposed_payload: JSON.stringify(approval.proposedPayload),
      author: approval.author,
      proposer_id: approval.proposerId,
      proposer_key_id: approval.proposerKeyId,
      proposer_key_holders: [...approval.proposerKeyHolders],
      answer_id: approval.answerId,
      request_key: approval.requestKey,
      note: approval.note,
      required_scopes: [...approval.requiredScopes],
      four_eyes: approval.fourEyes,
      created_at: approval.createdAt,
      expires_at: approval.expiresAt,
      ...toColumns(approval),
    })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst()
  if (row) return { approval: toApproval(row), isNew: true }
  const first = await tables
    .selectFrom('platform.approval')
    .selectAll()
    .where('request_key', '=', approval.requestKey)
    .where(
      sql<boolean>`coalesce(proposer_key_id, proposer_id, '') = ${approval.proposerKeyId ?? approval.proposerId ?? ''}`,
    )
    .executeTakeFirstOrThrow()
  return { approval: toApproval(first), isNew: false }
}

/** Held until the transaction ends, so that of two decisions at once the second sees the first. */
export async function holdApproval(tx: Tx, id: string): Promise<Approval | null> {
  const row = await tx
    .withTables<Tables>()
    .selectFrom('platform.approval')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row ? toApproval(row) : null
}

export async function updateApproval(tx: Tx, approval: Approval): Promise<void> {
  await tx
    .withTables<Tables>()
    .updateTable('platform.approval')
    .set(toColumns(approval))
    .where('id', '=', approval.id)
    .execute()
}

/** Without regard to who looks: for the house's own work. */
export async function findApproval(tx: Tx, id: string): Promise<Approval | null> {
  const row = await tx
    .withTables<Tables>()
    .selectFrom('platform.approval')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst()
  return row ? toApproval(row) : null
}

/** Those that the viewer sees. */
export async function loadApprovals(tx: Tx, viewer: Viewer, ids: readonly string[]): Promise<Map<string, Approval>> {
  const { rows } = await sql<ApprovalRow>`
    select * from platform.approval where id = any(${ids}) and ${seenBy(viewer)}`.execute(tx)
  return new Map(rows.map((row) => [row.id, toApproval(row)]))
}

/** Which a viewer sees: their own proposals, and what they could decide if they may decide. */
export function seenBy({ scopes, userId, keyId }: Viewer): RawBuilder<boolean> {
  const able = scopes.includes('approval:read') ? sql`required_scopes <@ ${[...scopes]}::text[]` : sql`false`
  return sql`(${able} or proposer_id = ${userId} or proposer_key_id = ${keyId})`
}

/** Who has been shown the secret of a key, by the log, which nobody changes: whoever made it, and whoever rotated it since. */
export async function findKeyHolders(tx: Tx, keyId: string): Promise<string[]> {
  const { rows } = await sql<{ user_id: string }>`
    select distinct user_id from platform.audit_entry
    where subject_id = ${keyId} and action in ('api_key.created', 'api_key.rotated') and user_id is not null`.execute(
    tx,
  )
  return rows.map((row) => row.user_id)
}

/** How many wait in the organisation. */
export async function countPending(tx: Tx): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from platform.approval where status = 'PENDING'`.execute(tx)
  return rows[0]?.count ?? 0
}

/** Those whose time is over, a few at a time, held; what somebody else is deciding at this moment is passed over. */
export async function holdDue(tx: Tx, most: number): Promise<Approval[]> {
  const { rows } = await sql<ApprovalRow>`
    select * from platform.approval where status = 'PENDING' and expires_at <= now()
    order by expires_at limit ${most} for update skip locked`.execute(tx)
  return rows.map(toApproval)
}

function toColumns(approval: Approval) {
  return {
    payload: JSON.stringify(approval.payload),
    preview: JSON.stringify(approval.preview),
    status: approval.status,
    is_edited: approval.isEdited,
    decider_id: approval.deciderId,
    reason: approval.reason,
    result: approval.result === null ? null : JSON.stringify(approval.result),
    failure: approval.failure === null ? null : JSON.stringify(approval.failure),
    attempts: approval.attempts,
    updated_at: approval.updatedAt,
    decided_at: approval.decidedAt,
    finished_at: approval.finishedAt,
  }
}

export function toApproval(row: ApprovalRow): Approval {
  return {
    id: row.id,
    organizationId: row.organization_id,
    kind: row.kind,
    payload: row.payload,
    proposedPayload: row.proposed_payload,
    preview: row.preview,
    status: row.status,
    author: row.author,
    proposerId: row.proposer_id,
    proposerKeyId: row.proposer_key_id,
    proposerKeyHolders: row.proposer_key_holders,
    answerId: row.answer_id,
    requestKey: row.request_key,
    note: row.note,
    requiredScopes: row.required_scopes,
    fourEyes: row.four_eyes,
    isEdited: row.is_edited,
    deciderId: row.decider_id,
    reason: row.reason,
    result: row.result,
    failure: row.failure,
    attempts: row.attempts,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    expiresAt: row.expires_at,
    decidedAt: row.decided_at,
    finishedAt: row.finished_at,
  }
}
