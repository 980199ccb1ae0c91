import { EngineUnavailable, Refusal } from '../schema/refusals.ts'
import { scopes } from '../schema/scopes.ts'
import { serviceViewer, type Viewer } from '../schema/viewer.ts'
import type { Job, Queue } from '../jobs/jobs.ts'
import type { Tx } from '../sql/sql.ts'
import type { Platform, Work } from '../subgraph/subgraph.ts'
import { findApproval, holdApproval, holdDue, updateApproval } from './approval.store.ts'
import type { Approval } from './approval.ts'
import type { ActionResult, ApprovalKind } from './kind.ts'
import { takeStep } from './step.ts'

/** What was approved, enqueued with the decision. A job is tried until it says itself that it has failed. */
export const approvalQueue: Queue<{ id: string }> = {
  name: 'platform.approval',
  retries: 1_000,
  concurrency: 4,
  perOrganization: 2,
}

/** How often something that fails without saying why for good is tried. */
const mostAttempts = 5
const roundMs = 15_000
const dueAtOnce = 100

/** It has been done: by an earlier try that was cut short behind its commit. */
class AlreadyDone extends Error {}

/** Carries out what is approved, and ends what nobody has decided in time. */
export async function workApprovals(platform: Platform): Promise<Work> {
  await platform.jobs.work(approvalQueue, (job) => carryOut(platform, job))
  const look = (): Promise<void> =>
    expireDue(platform).catch((error: unknown) =>
      platform.log.warn({ err: error }, 'proposals whose time is over wait a little longer'),
    )
  let round = look()
  const timer = setInterval(() => (round = round.then(look)), roundMs).unref()
  return {
    async stop() {
      clearInterval(timer)
      await round
    },
  }
}

/** Ends what waits beyond its time, in every organisation. */
export async function expireDue({ sql }: Pick<Platform, 'sql'>): Promise<void> {
  const due = await sql.query<{ organization_id: string }>('select * from platform.organizations_with_due_approvals()')
  for (const { organization_id: organizationId } of due) {
    const expire = (): Promise<number> =>
      sql.withOrganization({ organizationId }, async (tx) => {
        const over = await holdDue(tx, dueAtOnce)
        for (const approval of over)
          await takeStep(tx, 'expired', { ...approval, status: 'EXPIRED', finishedAt: new Date() })
        return over.length
      })
    while ((await expire()) === dueAtOnce);
  }
}

async function carryOut(
  platform: Platform,
  { organizationId, data: { id }, signal }: Job<{ id: string }>,
): Promise<void> {
  const approval = await platform.sql.withOrganization({ organizationId }, (tx) => findApproval(tx, id))
  if (approval?.status !== 'APPROVED') return
  const kind = platform.approvalKinds.get(approval.kind)
  if (!kind) throw new Error(`Nobody here carries out ${approval.kind}.`)
  const viewer = {
    ...serviceViewer(organizationId, [
      kind.requiredScope,
      ...scopes.filter((scope) => approval.requiredScopes.includes(scope)),
    ]),
    userId: approval.deciderId,
  }
  try {
    const result = await doIt(platform, viewer, { kind, approval, signal })
    await platform.sql.withOrganization(viewer, (tx) => settle(tx, id, result ?? undefined))
  } catch (error) {
    if (error instanceof AlreadyDone) return
    if (signal.aborted || error instanceof EngineUnavailable) throw error
    if (!(await noteFailure(platform, viewer, { id, error }))) throw error
    platform.log.warn({ approval: id, kind: kind.kind, err: error }, 'what was approved cannot be done')
  }
}

function doIt(
  platform: Platform,
  viewer: Viewer,
  { kind, approval, signal }: { kind: ApprovalKind; approval: Approval; signal: AbortSignal },
): Promise<ActionResult | void> {
  const { id, author, proposerId, deciderId } = approval
  return kind.carryOut(platform, viewer, {
    id,
    author,
    proposerId,
    deciderId,
    signal,
    payload: kind.payload.parse(approval.payload),
    async settle(tx, result) {
      if (!(await settle(tx, id, result))) throw new AlreadyDone()
    },
  })
}

/** Done, and with what result; false when it was done already. */
async function settle(tx: Tx, id: string, result: ActionResult | undefined): Promise<boolean> {
  const held = await holdApproval(tx, id)
  if (held?.status !== 'APPROVED') return false
  await takeStep(tx, 'done', { ...held, status: 'DONE', result: result ?? null, finishedAt: new Date() })
  return true
}

/** Counts a try that failed; true when it was the last one. A refusal says why and is final; of anything else no more is told than that it went wrong. */
function noteFailure(
  { sql }: Platform,
  viewer: Viewer,
  { id, error }: { id: string; error: unknown },
): Promise<boolean> {
  return sql.withOrganization(viewer, async (tx) => {
    const held = await holdApproval(tx, id)
    if (held?.status !== 'APPROVED') return true
    const attempts = held.attempts + 1
    const isFinal = error instanceof Refusal || attempts >= mostAttempts
    if (!isFinal) {
      await updateApproval(tx, { ...held, attempts })
      return false
    }
    const failure =
      error instanceof Refusal
        ? { code: error.code, message: error.message }
        : { code: 'INTERNAL', message: 'Something went wrong; the log of the house says what.' }
    await takeStep(tx, 'failed', { ...held, attempts, status: 'FAILED', failure, finishedAt: new Date() })
    return true
  })
}
