import { isDeepStrictEqual } from 'node:util'
import { parseInput } from '../schema/parse.ts'
import { InvalidInput, NotAllowed, NotFound } from '../schema/refusals.ts'
import type { Viewer } from '../schema/viewer.ts'
import type { Tx } from '../sql/sql.ts'
import type { Platform } from '../subgraph/subgraph.ts'
import { holdApproval, loadApprovals } from './approval.store.ts'
import type { Approval } from './approval.ts'
import { approvalQueue } from './carry-out.ts'
import { ApprovalNotPending, OwnProposal } from './refusals.ts'
import { takeStep } from './step.ts'

export interface Decision {
  id: string
  reason?: string | null | undefined
}

/** Why somebody who sees a proposal cannot decide on it; null when they can. */
export type Hindrance = 'NOT_PENDING' | 'NOT_ALLOWED' | 'OWN_PROPOSAL'

/** What keeps a viewer from deciding. Only a person decides, who may do what is proposed themselves. */
export function findHindrance(viewer: Viewer, approval: Approval): Hindrance | null {
  if (approval.status !== 'PENDING' || approval.expiresAt <= new Date()) return 'NOT_PENDING'
  return findLackOfRight(viewer, approval)
}

function findLackOfRight({ userId, scopes }: Viewer, approval: Approval): Exclude<Hindrance, 'NOT_PENDING'> | null {
  const needed = ['approval:decide', ...approval.requiredScopes]
  if (!userId || !needed.every((scope) => scopes.includes(scope))) return 'NOT_ALLOWED'
  const { fourEyes, proposerId, proposerKeyHolders } = approval
  return fourEyes && (proposerId === userId || proposerKeyHolders.includes(userId)) ? 'OWN_PROPOSAL' : null
}

/**
 * Says yes, to what was proposed or to what the decider makes of it, and has it carried out. Said twice by the same person, it is one yes. InvalidInput for a
 * payload that the kind does not take, and for a kind that cannot be changed; ApprovalNotPending, OwnProposal, NotAllowed, NotFound.
 */
export async function approve(
  platform: Platform,
  viewer: Viewer,
  { id, reason, payload }: Decision & { payload?: unknown },
): Promise<Approval> {
  const edit = payload === undefined || payload === null ? null : await requireEdit(platform, viewer, { id, payload })
  return platform.sql.withOrganization(viewer, async (tx) => {
    const held = await requireSeen(tx, viewer, id)
    const wanted = edit?.payload ?? held.payload
    const isSame = held.deciderId === viewer.userId && isDeepStrictEqual(held.payload, wanted)
    if (isSame && ['APPROVED', 'DONE', 'FAILED'].includes(held.status)) return held
    requireOpen(viewer, held)
    // It may have come to need a second person while the change was looked at.
    if (edit && held.fourEyes) throw notEditable()
    await platform.jobs.enqueue(tx, approvalQueue, { id }, { key: id })
    const isEdited = !isDeepStrictEqual(wanted, held.payload)
    return takeStep(tx, 'approved', {
      ...decided(held, viewer, reason),
      status: 'APPROVED',
      payload: wanted,
      isEdited,
      preview: isEdited ? (edit?.preview ?? held.preview) : held.preview,
    })
  })
}

/** Says no, and why. Said twice by the same person, it is one no. */
export function reject({ sql }: Platform, viewer: Viewer, { id, reason }: Decision): Promise<Approval> {
  return sql.withOrganization(viewer, async (tx) => {
    const held = await requireSeen(tx, viewer, id)
    if (held.status === 'REJECTED' && held.deciderId === viewer.userId) return held
    requireOpen(viewer, held)
    return takeStep(tx, 'rejected', { ...decided(held, viewer, reason), status: 'REJECTED' })
  })
}

/** Takes a proposal back: whoever has made it, a person or a program, while nobody has decided. */
export function cancel({ sql }: Platform, viewer: Viewer, id: string): Promise<Approval> {
  return sql.withOrganization(viewer, async (tx) => {
    const held = await requireSeen(tx, viewer, id)
    if (!isOwn(viewer, held)) throw new NotAllowed()
    if (held.status === 'CANCELLED') return held
    if (held.status !== 'PENDING') throw new ApprovalNotPending(held.status)
    return takeStep(tx, 'cancelled', { ...held, status: 'CANCELLED', finishedAt: new Date() })
  })
}

/** Has what could not be carried out tried again, by somebody who could have decided it. */
export function retry(platform: Platform, viewer: Viewer, id: string): Promise<Approval> {
  return platform.sql.withOrganization(viewer, async (tx) => {
    const held = await requireSeen(tx, viewer, id)
    requireRight(viewer, held)
    if (held.status === 'APPROVED' || held.status === 'DONE') return held
    if (held.status !== 'FAILED') throw new ApprovalNotPending(held.status)
    await platform.jobs.enqueue(tx, approvalQueue, { id }, { key: id })
    return takeStep(tx, 'retried', { ...held, status: 'APPROVED', failure: null, attempts: 0, finishedAt: null })
  })
}

/** Whether it is the viewer's own proposal. */
export function isOwn({ userId, keyId }: Viewer, { proposerId, proposerKeyId }: Approval): boolean {
  return keyId ? proposerKeyId === keyId : userId !== null && proposerId === userId
}

function decided(held: Approval, { userId }: Viewer, reason: string | null | undefined): Approval {
  return { ...held, deciderId: userId, reason: reason || null, decidedAt: new Date() }
}

/** Held; NotFound for what the viewer does not see. */
async function requireSeen(tx: Tx, viewer: Viewer, id: string): Promise<Approval> {
  const seen = await loadApprovals(tx, viewer, [id])
  const held = seen.has(id) ? await holdApproval(tx, id) : null
  if (!held) throw new NotFound()
  return held
}

function requireOpen(viewer: Viewer, held: Approval): void {
  requireRight(viewer, held)
  if (held.status !== 'PENDING') throw new ApprovalNotPending(held.status)
  if (held.expiresAt <= new Date()) throw new ApprovalNotPending('EXPIRED')
}

function requireRight(viewer: Viewer, held: Approval): void {
  const hindrance = findLackOfRight(viewer, held)
  if (hindrance === 'OWN_PROPOSAL') throw new OwnProposal()
  if (hindrance) throw new NotAllowed()
}

function notEditable(): InvalidInput {
  return new InvalidInput('This cannot be changed, only decided.', ['payload'])
}

/** What a decider makes of a proposal, checked and put in words, before anything is held. */
async function requireEdit(
  platform: Platform,
  viewer: Viewer,
  { id, payload }: { id: string; payload: unknown },
): Promise<Pick<Approval, 'payload'> & { preview: Approval['preview'] | undefined }> {
  const seen = await platform.sql.withOrganization(viewer, (tx) => loadApprovals(tx, viewer, [id]))
  const approval = seen.get(id)
  if (!approval) throw new NotFound()
  requireRight(viewer, approval)
  const kind = platform.approvalKinds.get(approval.kind)
  // What a decider made of it, only one has seen.
  if (!kind || kind.isEditable === false || approval.fourEyes) throw notEditable()
  const wanted = parseInput(kind.payload, payload)
  return { payload: wanted, preview: await kind.describe?.(platform, viewer, wanted) }
}
