import { audit } from '../audit/audit.ts'
import { publish } from '../facts/facts.ts'
import { momentAfter } from '../sql/moment.ts'
import type { Tx } from '../sql/sql.ts'
import { updateApproval } from './approval.store.ts'
import type { Approval } from './approval.ts'

/** What happens to a proposal, as facts of the log and as entries of the audit. */
export const approvalFacts = {
  proposed: 'approval.proposed',
  approved: 'approval.approved',
  rejected: 'approval.rejected',
  expired: 'approval.expired',
  cancelled: 'approval.cancelled',
  done: 'approval.done',
  failed: 'approval.failed',
  retried: 'approval.retried',
} as const
export type ApprovalStep = keyof typeof approvalFacts

/** Writes what it has become, with the fact and the audit entry of it. */
export async function takeStep(tx: Tx, step: ApprovalStep, approval: Approval): Promise<Approval> {
  const kept = { ...approval, updatedAt: momentAfter(approval.updatedAt) }
  await updateApproval(tx, kept)
  tellStep(tx, step, kept)
  return kept
}

/** The fact and the audit entry of a step. Both hold ids and codes: what is proposed stands in the row alone. */
export function tellStep(tx: Tx, step: ApprovalStep, approval: Approval): void {
  const { id, kind, status, proposerId, proposerKeyId, requiredScopes, isEdited, failure } = approval
  publish(tx, {
    type: approvalFacts[step],
    payload: { id, kind, status, author: approval.author, proposerId, proposerKeyId, requiredScopes },
  })
  audit(tx, {
    action: approvalFacts[step],
    subject: { kind: 'Approval', id },
    detail: { kind, ...(step === 'approved' && { isEdited }), ...(failure && { failure: failure.code }) },
    // Who proposes may be an AI in the name of somebody; what follows is done by whoever the transaction belongs to.
    author: step === 'proposed' ? approval.author : undefined,
  })
}
