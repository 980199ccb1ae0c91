import { z } from 'zod'
import { audit } from '@passerelle/platform/audit'
import { publish } from '@passerelle/platform/facts'
import { newId } from '@passerelle/platform/ids'
import type { Queue } from '@passerelle/platform/jobs'
import { InvalidInput, NotFound, parseInput, type Viewer } from '@passerelle/platform/schema'
import type { Tx } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import { secretsOf } from '../secrets.ts'
import { findEndpoint } from './workflow-run-endpoint.store.ts'
import { requireRunInput } from './workflow-run-input.ts'
import { createRunKey } from './workflow-run.key.ts'
import { WorkflowRunOver } from './workflow-run.refusals.ts'
import { findRun, findRunOf, insertRun, pruneRuns, updateRun } from './workflow-run.store.ts'
import type { RunState } from './workflow-run.tables.ts'

/** One run of a workflow outside. */
export interface Run {
  id: string
  organizationId: string
  endpointId: string
  requestId: string
  state: RunState
  input: unknown
  result: unknown
  /** One sentence, or what the workflow said. */
  failure: string | null
  /** 0 to 1. */
  progress: number | null
  keyHash: string
  keySealed: string | null
  attempts: number
  /** Until it has been asked, when its time would be over if it were asked as it was made. */
  deadlineAt: Date
  askedAt: Date | null
  retryOf: string | null
  startedBy: string | null
  createdAt: Date
  startedAt: Date | null
  endedAt: Date | null
}

/** What a run told of itself on its way. */
export interface Step {
  number: number
  name: string
  message: string | null
  at: Date
}

/** Most of it is waiting for an answer, for minutes where that is the result: so there are many places, of which an organisation has few. */
export const runQueue: Queue<{ runId: string }> = {
  name: 'tenancy.workflow-run',
  retries: 2_000,
  concurrency: 48,
  perOrganization: 6,
}
export const deadlineQueue: Queue<{ runId: string }> = {
  name: 'tenancy.workflow-deadline',
  retries: 2_000,
  concurrency: 2,
  perOrganization: 1,
}

/** How long a run that has ended is kept, with what it was given and what came of it. */
const keepDays = 90

export function isOver({ state }: Pick<Run, 'state'>): boolean {
  return state !== 'QUEUED' && state !== 'RUNNING' && state !== 'WAITING'
}

const runInput = z.object({
  endpointId: z.string(),
  requestId: z
    .string()
    .min(1, 'A request has an id.')
    .max(200, 'The id of a request has at most 200 characters.')
    .regex(/^\P{Cc}*$/u, 'The id of a request is one line.'),
  input: z.unknown().optional(),
})

/**
 * Starts a run. The same request id is the same run, however often it is asked for. NotFound for no workflow, InvalidInput for one that is switched off or
 * an input that it does not take.
 */
export function startRun(platform: Platform, viewer: Viewer, input: z.input<typeof runInput>): Promise<Run> {
  return begin(platform, viewer, { ...parseInput(runInput, input), retryOf: null })
}

/** Starts a run that ended with the same input once more; the same request id is the same run. */
export async function retryRun(
  platform: Platform,
  viewer: Viewer,
  { id, requestId }: { id: string; requestId: string },
): Promise<Run> {
  const run = await platform.sql.withOrganization(viewer, (tx) => findRun(tx, id))
  if (!run) throw new NotFound()
  if (!isOver(run)) throw new InvalidInput('This run has not ended.', ['id'])
  const given = parseInput(runInput, { endpointId: run.endpointId, requestId, input: run.input })
  return begin(platform, viewer, { ...given, retryOf: run.id })
}

/** Ends a run that is under way; what the workflow still reports is refused. */
export function cancelRun(platform: Platform, viewer: Viewer, id: string): Promise<Run> {
  return platform.sql.withOrganization(viewer, async (tx) => {
    const run = await findRun(tx, id, true)
    if (!run) throw new NotFound()
    if (run.state === 'CANCELLED') return run
    if (isOver(run)) throw new WorkflowRunOver(run.state)
    audit(tx, { action: 'workflow_run.cancelled', subject: { kind: 'WorkflowRun', id } })
    return end(tx, run, { state: 'CANCELLED' })
  })
}

/** From now on, when the workflow is asked, its time counts: what is still in the queue is not over. Asked again it has the time that it had. */
export async function beginTime({ jobs }: Pick<Platform, 'jobs'>, tx: Tx, run: Run): Promise<Run> {
  if (wasAsked(run)) return run
  const askedAt = new Date()
  const time = run.deadlineAt.getTime() - run.createdAt.getTime()
  const asked: Run = { ...run, askedAt, deadlineAt: new Date(askedAt.getTime() + time) }
  await updateRun(tx, asked)
  await jobs.enqueue(tx, deadlineQueue, { runId: run.id }, { key: run.id, notBefore: asked.deadlineAt })
  return asked
}

/** Whether it has been, also by a house that did not write down when. */
function wasAsked({ askedAt, attempts, state }: Run): boolean {
  return askedAt !== null || attempts > 0 || state !== 'QUEUED'
}

/** Ends a run whose time is over; nothing for one that has ended, or that nobody has asked for yet. */
export function timeOut(platform: Pick<Platform, 'sql'>, organizationId: string, runId: string): Promise<void> {
  return platform.sql.withOrganization({ organizationId }, async (tx) => {
    const run = await findRun(tx, runId, true)
    if (run && !isOver(run) && wasAsked(run))
      await end(tx, run, { state: 'TIMED_OUT', failure: 'No result came in time.' })
  })
}

interface Ending {
  state: 'DONE' | 'FAILED' | 'TIMED_OUT' | 'CANCELLED'
  result?: unknown
  failure?: string | null
}

/** Writes how a run ended. Its key reports no more. */
export function end(tx: Tx, run: Run, { state, result = null, failure = null }: Ending): Promise<Run> {
  const progress = state === 'DONE' ? 1 : run.progress
  return save(tx, { ...run, state, result, failure, progress, keySealed: null, endedAt: new Date() })
}

/** Writes a run and tells who watches. */
export async function save(tx: Tx, run: Run): Promise<Run> {
  await updateRun(tx, run)
  tell(tx, run)
  return run
}

function tell(tx: Tx, { id, endpointId, state, progress, startedBy: userId }: Run): void {
  publish(tx, { type: 'workflow_run.changed', payload: { id, endpointId, state, progress, userId } })
}

async function begin(
  platform: Platform,
  viewer: Viewer,
  given: { endpointId: string; requestId: string; input?: unknown; retryOf: string | null },
): Promise<Run> {
  const { organizationId } = viewer
  const secrets = await secretsOf(platform, organizationId)
  return platform.sql.withOrganization(viewer, async (tx) => {
    const endpoint = await findEndpoint(tx, secrets, { id: given.endpointId })
    if (!endpoint) throw new NotFound()
    const known = await findRunOf(tx, given)
    if (known) return known
    if (!endpoint.active) throw new InvalidInput('This workflow is switched off.', ['endpointId'])
    const id = newId('wfr')
    const { key, hash } = createRunKey(organizationId, id)
    const now = new Date()
    const run: Run = {
      ...given,
      id,
      organizationId,
      input: requireRunInput(endpoint.inputSchema, given.input ?? null),
      state: 'QUEUED',
      result: null,
      failure: null,
      progress: null,
      keyHash: hash,
      keySealed: secrets.seal({ table: 'tenancy.workflow_run', column: 'key_sealed', row: id }, key),
      attempts: 0,
      deadlineAt: new Date(now.getTime() + endpoint.timeoutMinutes * 60_000),
      askedAt: null,
      startedBy: viewer.userId,
      createdAt: now,
      startedAt: null,
      endedAt: null,
    }
    await pruneRuns(tx, organizationId, keepDays)
    if (!(await insertRun(tx, run))) return (await findRunOf(tx, given)) ?? run
    await platform.jobs.enqueue(tx, runQueue, { runId: id }, { key: id })
    tell(tx, run)
    audit(tx, {
      action: 'workflow_run.started',
      subject: { kind: 'WorkflowRun', id },
      detail: { endpointId: endpoint.id },
    })
    return run
  })
}
