import { publish } from '@passerelle/platform/facts'
import { Cancelled } from '@passerelle/platform/sandbox'
import { EngineUnavailable } from '@passerelle/platform/schema'
import type { Job } from '@passerelle/platform/jobs'
import type { Tx } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import { stageSeconds, traced, type Outcome } from '@passerelle/platform/telemetry'
import { documentLinked } from '../document/document.facts.ts'
import { findDocument } from '../document/document.store.ts'
import type { Reader } from '../reading/reading.ts'
import { dropUnderstanding, Superseded, writeStatus } from '../status/status.store.ts'
import type { Stage } from '../status/status.ts'
import { embedLater } from './catch-up.ts'
import { chunkStage } from './chunking.ts'
import { inRun, type Ingestion } from './ingestion.ts'
import { createUnderstanding } from './understanding.ts'
import { embedStage } from './embedding.ts'
import { extractStage } from './extracting.ts'
import { chunkCollection, indexStage } from './indexing.ts'
import { linkStage } from './linking.ts'
import type { Reading } from './queue.ts'
import { reasonOf } from './reason.ts'
import { recognizeStage } from './recognizing.ts'
import { indexAnew } from './reindexing.ts'

/** The stages in order. One that has nothing to do for a document is not entered. */
const course: readonly {
  stage: Stage
  needed?: (ingestion: Ingestion) => boolean | Promise<boolean>
  /** What is handed over goes on in another job, which has this one run on. */
  run: (ingestion: Ingestion) => Promise<void | 'handed over'>
}[] = [extractStage, recognizeStage, chunkStage, embedStage, indexStage, linkStage]

/**
 * Reads one document, from the stage where it stopped. Each stage replaces what an interrupted try of it left, so a job may die at any
 * moment and be run again. Ends READY or FAILED, or quietly when the run has been superseded or another job goes on with it; rejects to be tried
 * again.
 */
export async function ingest(
  { platform, reader }: { platform: Platform; reader: Reader },
  job: Job<Reading>,
): Promise<void> {
  const { organizationId, data: run, signal } = job
  const scope = { organizationId }
  const document = await platform.sql.withOrganization(scope, (tx) => findDocument(tx, run.documentId))
  if (!document) return forgetIndexed({ platform, scope, run })
  const { stage } = document.status
  if (document.run !== run.run) return
  const ingestion: Ingestion = {
    platform,
    reader,
    scope,
    run,
    document,
    signal,
    degraded: new Set(document.status.degraded),
    understanding: createUnderstanding(platform, { scope, run, signal }),
    dense: null,
  }
  try {
    if (stage === 'CANCELLED' || stage === 'FAILED') await forgetReading(ingestion)
    else if (stage === 'READY') await (run.anew ? indexAnew(ingestion) : embedLater(ingestion))
    else await runCourse(ingestion, run.anew === true).catch((error: unknown) => settle(ingestion, error))
  } catch (error) {
    // What was indexed before the deletion, the cancelling or the new run was noticed is taken back; a new run begins after this one.
    if (error instanceof Superseded) await forgetIndexed(ingestion)
    else throw error
  }
}

async function runCourse(ingestion: Ingestion, anew: boolean): Promise<void> {
  const { platform, scope, run, document, degraded, signal } = ingestion
  const resumed = course.findIndex(({ stage }) => stage === resumedStage(document.status.stage, anew))
  for (const [index, { stage, needed, run: runStage }] of course.entries()) {
    if (index < resumed || (needed && !(await needed(ingestion)))) continue
    if (index !== resumed)
      await platform.sql.withOrganization(scope, (tx) => writeStatus(tx, run, { stage, degraded: [...degraded] }))
    if ((await timed(stage, () => runStage(ingestion))) === 'handed over') return
    // What waits for an engine gives up waiting when it is told to stop, and has not done without it for that.
    signal.throwIfAborted()
  }
  await inRun(ingestion, async (tx) => {
    await writeStatus(tx, run, { stage: 'READY', degraded: [...degraded] })
    // Said once more behind READY: a graph that took the mentions over just before it saw nothing yet to make whole.
    if (degraded.has('LINKING')) publish(tx, documentLinked(run))
  })
}

async function timed<T>(stage: Stage, work: () => Promise<T>): Promise<T> {
  const since = performance.now()
  let outcome: Outcome = 'failed'
  try {
    const result = await traced(`stage ${stage}`, {}, work)
    outcome = 'done'
    return result
  } finally {
    stageSeconds.observe({ stage, outcome }, (performance.now() - since) / 1000)
  }
}

/**
 * Vectors live in memory between EMBEDDING and INDEXING, so what stopped there embeds again; so does what was behind it when the index was
 * lost.
 */
function resumedStage(stage: Stage, anew: boolean): Stage {
  return stage === 'INDEXING' || (anew && stage === 'LINKING') ? 'EMBEDDING' : stage
}

/** Ends the run when the error is the document's; rethrows it when the job should come back, or has nothing left to do. */
async function settle(ingestion: Ingestion, error: unknown): Promise<void> {
  const { run, signal } = ingestion
  if (signal.aborted || error instanceof Superseded || error instanceof Cancelled || error instanceof EngineUnavailable)
    throw error
  const reason = await reasonOf(ingestion, error)
  await forgetReading(ingestion, (tx) => writeStatus(tx, run, { stage: 'FAILED', error: reason }))
}

/** Ends a run without a result: nothing of the document stays findable. `write` joins the transaction. */
async function forgetReading(ingestion: Ingestion, write?: (tx: Tx) => Promise<void>): Promise<void> {
  const { run } = ingestion
  await forgetIndexed(ingestion)
  await inRun(ingestion, async (tx) => {
    await dropUnderstanding(tx, run.documentId)
    await write?.(tx)
    publish(tx, documentLinked(run))
  })
}

function forgetIndexed({ platform, scope, run }: Pick<Ingestion, 'platform' | 'scope' | 'run'>): Promise<void> {
  return platform.vectors.removeDocument(scope.organizationId, chunkCollection, run.documentId)
}
