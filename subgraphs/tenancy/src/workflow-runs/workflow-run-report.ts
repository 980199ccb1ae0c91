import { z } from 'zod'
import { InvalidInput, NotFound, parseInput } from '@passerelle/platform/schema'
import type { Tx } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import { isKeyOf, readRunKey } from './workflow-run.key.ts'
import { WorkflowRunOver } from './workflow-run.refusals.ts'
import { findRun, insertStep } from './workflow-run.store.ts'
import { end, isOver, save, type Run } from './workflow-run.ts'

/** A result and a step are small: what is large is a document, and uploaded. */
const longestResult = 262_144
const mostSteps = 500

const line = (what: string, most: number) =>
  z
    .string()
    .trim()
    .max(most, `${what} has at most ${most} characters.`)
    .regex(/^(?:\P{Cc}|[\n\r\t])*$/u, `${what} has no control characters.`)

const progressInput = z.object({
  key: z.string(),
  state: z.enum(['RUNNING', 'WAITING']).nullish(),
  progress: z.number().min(0, 'Progress is 0 to 1.').max(1, 'Progress is 0 to 1.').nullish(),
  step: z
    .object({
      name: line('The name of a step', 200).min(1, 'A step has a name.'),
      message: line('A message', 2_000).nullish(),
    })
    .nullish(),
})

/** What a workflow tells on its way. NotFound for a key that is of no run, WorkflowRunOver for one whose run has ended. */
export function reportProgress(platform: Pick<Platform, 'sql'>, input: z.input<typeof progressInput>): Promise<Run> {
  const { key, state, progress, step } = parseInput(progressInput, input)
  return withRun(platform, key, async (tx, run) => {
    if (isOver(run)) throw new WorkflowRunOver(run.state)
    if (step && (await insertStep(tx, run, { name: step.name, message: step.message || null })) > mostSteps)
      throw new InvalidInput(`A run has at most ${mostSteps} steps.`, ['input', 'step'])
    const now = new Date()
    return save(tx, {
      ...run,
      state: state ?? 'RUNNING',
      progress: progress ?? run.progress,
      startedAt: run.startedAt ?? now,
    })
  })
}

const completeInput = z.object({
  key: z.string(),
  state: z.enum(['DONE', 'FAILED']),
  result: z.unknown().optional(),
  failure: line('A failure', 2_000).nullish(),
})

/**
 * What came of a run, once. A workflow that did not hear our answer may say the same again; NotFound for a key that is of no run, WorkflowRunOver for one
 * whose run ended otherwise.
 */
export function completeRun(platform: Pick<Platform, 'sql'>, input: z.input<typeof completeInput>): Promise<Run> {
  const { key, state, result, failure } = parseInput(completeInput, input)
  if (JSON.stringify(result ?? null).length > longestResult)
    throw new InvalidInput(`A result has at most ${longestResult} characters of JSON.`, ['input', 'result'])
  return withRun(platform, key, async (tx, run) => {
    if (run.state === state) return run
    if (isOver(run)) throw new WorkflowRunOver(run.state)
    const reason = state === 'FAILED' ? failure || 'The workflow failed and did not say why.' : null
    return end(tx, run, { state, result: result ?? null, failure: reason })
  })
}

/** The run of a key, held while it is worked on. A key of nothing, of another run, or after its run's time is answered alike. */
function withRun({ sql }: Pick<Platform, 'sql'>, key: string, work: (tx: Tx, run: Run) => Promise<Run>): Promise<Run> {
  const named = readRunKey(key)
  if (!named) throw new NotFound('No run has this key.')
  return sql.withOrganization({ organizationId: named.organizationId }, async (tx) => {
    const run = await findRun(tx, named.runId, true)
    if (!run || !isKeyOf(run, key)) throw new NotFound('No run has this key.')
    return work(tx, run)
  })
}
