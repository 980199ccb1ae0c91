import { OutgoingFailure, type OutgoingAnswer } from '@passerelle/platform/outgoing'
import type { Job } from '@passerelle/platform/jobs'
import type { Tx } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import { readHouseUrl } from '../env.ts'
import { secretsOf, type Secrets } from '../secrets.ts'
import { signatureHeaders } from '../webhooks/webhook.sign.ts'
import type { WorkflowEndpoint } from './workflow-run-endpoint.ts'
import { findEndpoint } from './workflow-run-endpoint.store.ts'
import { findRun } from './workflow-run.store.ts'
import { beginTime, end, isOver, runQueue, save, type Run } from './workflow-run.ts'

const startingMs = 30_000
/** A workflow whose answer is its result is waited for so long. */
const answeringMs = 300_000
const answerBytes = 262_144
/** Seconds before each further try to start it. */
const pauses = [10, 30, 90, 270]

type Outcome = { answer: OutgoingAnswer } | { failure: OutgoingFailure }

/**
 * Asks the workflow to run. A process that is killed in between asks again, with the same run id: a workflow that must not run twice looks at that. One whose answer is its result is asked
 * again until that has come, also when it has told of progress: nothing else would bring it.
 */
export async function startAtEndpoint(
  platform: Platform,
  { organizationId, data, signal }: Job<{ runId: string }>,
): Promise<void> {
  const secrets = await secretsOf(platform, organizationId)
  const found = await platform.sql.withOrganization({ organizationId }, async (tx) => {
    const run = await findRun(tx, data.runId, true)
    const endpoint = run && (await findEndpoint(tx, secrets, { id: run.endpointId }))
    if (!endpoint || isOver(run) || !awaitsAnswer(run, endpoint) || !run.keySealed) return null
    return { run: await beginTime(platform, tx, run), endpoint }
  })
  if (!found) return
  const outcome = await ask(platform, { ...found, secrets, signal })
  await platform.sql.withOrganization({ organizationId }, async (tx) => {
    const run = await findRun(tx, data.runId, true)
    if (run) await settle(platform, tx, { run, endpoint: found.endpoint, outcome })
  })
}

/** Whether only an answer to us can bring it on. */
function awaitsAnswer({ state }: Run, { completion }: WorkflowEndpoint): boolean {
  return state === 'QUEUED' || completion === 'ANSWER'
}

interface Asking {
  run: Run
  endpoint: WorkflowEndpoint
  secrets: Secrets
  signal: AbortSignal
}

async function ask(
  { outgoing }: Pick<Platform, 'outgoing'>,
  { run, endpoint, secrets, signal }: Asking,
): Promise<Outcome> {
  const place = { table: 'tenancy.workflow_run', column: 'key_sealed', row: run.id }
  const body = bodyOf(run, { endpoint, key: secrets.open(place, run.keySealed ?? '') })
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Passerelle',
    ...signatureHeaders({ id: run.id, body, at: new Date() }, [endpoint.secret]),
  }
  const timeoutMs = endpoint.completion === 'ANSWER' ? answeringMs : startingMs
  try {
    return { answer: await outgoing.post({ url: endpoint.url, headers, body, timeoutMs, answerBytes, signal }) }
  } catch (error) {
    if (error instanceof OutgoingFailure) return { failure: error }
    throw error
  }
}

const progressText =
  'mutation Progress($input: ReportWorkflowProgressInput!) { reportWorkflowProgress(input: $input) { __typename ... on Refusal { code message } } }'
const completeText =
  'mutation Complete($input: CompleteWorkflowRunInput!) { completeWorkflowRun(input: $input) { __typename ... on Refusal { code message } } }'

/** What the workflow is told: what to work on, and all it needs to tell how that goes. */
function bodyOf(run: Run, { endpoint, key }: { endpoint: WorkflowEndpoint; key: string }): string {
  return JSON.stringify({
    runId: run.id,
    workflow: endpoint.name,
    input: run.input,
    callback: {
      url: `${readHouseUrl()}/graphql`,
      key,
      expiresAt: run.deadlineAt.toISOString(),
      progress: progressText,
      complete: completeText,
    },
  })
}

interface Started {
  run: Run
  endpoint: WorkflowEndpoint
  outcome: Outcome
}

/** It may have reported before it answered: then it is under way, or over, already. */
async function settle(platform: Pick<Platform, 'jobs'>, tx: Tx, { run, endpoint, outcome }: Started): Promise<void> {
  if (isOver(run)) return
  const tried: Run = { ...run, attempts: run.attempts + 1 }
  if ('answer' in outcome && outcome.answer.status >= 200 && outcome.answer.status < 300)
    return accept(tx, tried, { endpoint, answer: outcome.answer })
  if (!awaitsAnswer(run, endpoint)) return
  const pause = pauses[tried.attempts - 1]
  if (pause === undefined || !mayBeTriedAgain(outcome)) {
    await end(tx, tried, { state: 'FAILED', failure: reasonOf(outcome) })
    return
  }
  await save(tx, { ...tried, failure: reasonOf(outcome) })
  const notBefore = new Date(Date.now() + pause * 1_000)
  await platform.jobs.enqueue(tx, runQueue, { runId: run.id }, { key: run.id, notBefore })
}

async function accept(
  tx: Tx,
  run: Run,
  { endpoint, answer }: { endpoint: WorkflowEndpoint; answer: OutgoingAnswer },
): Promise<void> {
  const startedAt = run.startedAt ?? new Date()
  if (endpoint.completion === 'CALLBACK') {
    const state = run.state === 'QUEUED' ? 'RUNNING' : run.state
    await save(tx, { ...run, state, failure: null, keySealed: null, startedAt })
  } else if (answer.cut) {
    await end(
      tx,
      { ...run, startedAt },
      { state: 'FAILED', failure: 'The answer of the workflow is too long for a result.' },
    )
  } else {
    await end(tx, { ...run, startedAt }, { state: 'DONE', result: toResult(answer.body) })
  }
}

function toResult(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return { text: body }
  }
}

/** A workflow that says no means it; one that is away, or busy, may take it the next time. */
function mayBeTriedAgain(outcome: Outcome): boolean {
  if ('failure' in outcome) return outcome.failure.code !== 'ADDRESS_REFUSED'
  const { status } = outcome.answer
  return status >= 500 || status === 429 || status === 408
}

const longestReason = 300

function reasonOf(outcome: Outcome): string {
  if ('failure' in outcome) return outcome.failure.message
  return `${outcome.answer.status} ${outcome.answer.body}`.trim().slice(0, longestReason)
}
