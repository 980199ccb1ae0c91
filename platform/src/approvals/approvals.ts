import { isDeepStrictEqual } from 'node:util'
import { newId } from '../ids/ids.ts'
import { parseInput } from '../schema/parse.ts'
import { InvalidInput, QuotaExceeded } from '../schema/refusals.ts'
import type { AuditAuthor } from '../audit/audit.ts'
import type { Tx } from '../sql/sql.ts'
import { unitOf } from '../sql/unit.ts'
import { countPending, findKeyHolders, insertApproval } from './approval.store.ts'
import type { Approval } from './approval.ts'
import type { ApprovalKind, Words } from './kind.ts'
import { keepPolicy } from './policy.store.ts'
import { tellStep } from './step.ts'

/**
 * Everything that needs a person's yes. A room proposes, in its own transaction; a person decides; what was approved is carried out by a job that is enqueued
 * with the decision.
 *
 * Promises: a proposal commits with the rows it belongs to. Of two who decide at once one has decided, and the other is told. What is approved is
 * carried out until it is done or cannot be done, and by a kind that settles in its own transaction exactly once. Every step is a fact and an audit entry.
 */
export type { ApprovalKind, ApprovedAction, ActionResult, ApprovalKinds, Words } from './kind.ts'
export { collectKinds } from './kind.ts'
export { approvalStatuses, type Approval, type ApprovalStatus } from './approval.ts'
export { approvalFacts } from './step.ts'

export interface Proposal<Payload> {
  kind: ApprovalKind<Payload>
  payload: Payload
  /** What will happen, in words; at most 2,000 characters in each language. */
  preview: Words
  /** Whoever the transaction belongs to, unless told: an AI that proposes for a person says so. */
  author?: AuditAuthor
  /** The answer that an AI proposes it in. */
  answerId?: string
  /** What the proposer adds. */
  note?: string | null
  /** What its proposer calls it: proposed again under the same name, it is the same proposal. */
  requestKey?: string | null
  /** Sooner than the kind's lifetime; a later moment is cut to that. */
  expiresAt?: Date | null
}

/** What may wait in an organisation: more than people can look through. */
const mostPending = 1_000
const longestPreview = 2_000
const hourMs = 3_600_000

/** Proposes an action with the transaction. InvalidInput for a payload that the kind does not take; QuotaExceeded when too many wait already. */
export async function propose<Payload>(tx: Tx, proposal: Proposal<Payload>): Promise<Approval> {
  const { kind, preview } = proposal
  const { organizationId, userId, keyId } = unitOf(tx).scope
  const payload = parseInput(kind.payload, proposal.payload)
  const used = await countPending(tx)
  if (used >= mostPending)
    throw new QuotaExceeded({ message: 'Too many proposals wait for a decision.', limit: mostPending, used })
  const policy = await keepPolicy(tx, kind.kind)
  const now = new Date()
  const lifetimeHours = Math.min(kind.lifetimeHours, policy?.lifetimeHours ?? kind.lifetimeHours)
  const latest = new Date(now.getTime() + lifetimeHours * hourMs)
  const { approval, isNew } = await insertApproval(tx, {
    id: newId('apr'),
    organizationId,
    kind: kind.kind,
    payload,
    proposedPayload: payload,
    preview: { fr: preview.fr.slice(0, longestPreview), en: preview.en.slice(0, longestPreview) },
    status: 'PENDING',
    author: proposal.author ?? (keyId ? 'KEY' : userId ? 'PERSON' : 'SERVICE'),
    proposerId: userId || null,
    proposerKeyId: keyId ?? null,
    proposerKeyHolders: keyId ? await findKeyHolders(tx, keyId) : [],
    answerId: proposal.answerId ?? null,
    requestKey: proposal.requestKey ?? null,
    note: proposal.note || null,
    requiredScopes: [...new Set([kind.requiredScope, ...(policy?.requiredScope ? [policy.requiredScope] : [])])],
    fourEyes: kind.fourEyes || (policy?.fourEyes ?? false),
    ...untouched,
    createdAt: now,
    updatedAt: now,
    expiresAt: proposal.expiresAt && proposal.expiresAt < latest ? proposal.expiresAt : latest,
  })
  if (isNew) tellStep(tx, 'proposed', approval)
  else if (approval.kind !== kind.kind || !isDeepStrictEqual(approval.proposedPayload, payload))
    throw new InvalidInput('Something else was proposed under this key.', ['requestKey'])
  return approval
}

/** What nobody has decided yet. */
const untouched = {
  isEdited: false,
  deciderId: null,
  reason: null,
  result: null,
  failure: null,
  attempts: 0,
  decidedAt: null,
  finishedAt: null,
}
