import { Cancelled } from '@passerelle/platform/sandbox'
import { EngineUnavailable } from '@passerelle/platform/schema'
import type { Job } from '@passerelle/platform/jobs'
import type { Platform } from '@passerelle/platform/subgraph'
import { findDocument } from '../document.store.ts'
import { Unread, type Reader } from '../reading/reading.ts'
import { countAttempt, Superseded, writeStatus, type Run } from '../status.store.ts'
import { finalStages, type Stage } from '../status.ts'
import { chunkStage } from './chunking.ts'
import type { Ingestion } from './ingestion.ts'
import { createUnderstanding } from './understanding.ts'
import { embedStage } from './embedding.ts'
import { extractStage } from './extracting.ts'
import { indexStage } from './indexing.ts'
import { linkStage } from './linking.ts'
import { recognizeStage } from './recognizing.ts'

/** The stages in order. One that has nothing to do for a document is not entered. */
const course: readonly { stage: Stage; needed?: (ingestion: Ingestion) => boolean | Promise<boolean>; run: (ingestion: Ingestion) => Promise<void> }[] = [
  extractStage,
  recognizeStage,
  chunkStage,
  embedStage,
  indexStage,
  linkStage,
]

/** Errors of ours after which a document is given up, so that one that we cannot digest does not come back for ever. */
const patience = 3

/**
 * Reads one document, from the stage where it stopped. Each stage replaces what an interrupted try of it left, so a job may die at any
 * moment and be run again. Ends READY or FAILED, or quietly when the run has been superseded; rejects to be tried again.
 */
export async function ingest({ platform, reader }: { platform: Platform; reader: Reader }, job: Job<Run>): Promise<void> {
  const { organizationId, data: run, signal } = job
  const scope = { organizationId }
  const document = await platform.sql.withOrganization(scope, (tx) => findDocument(tx, run.documentId))
  if (!document || document.run !== run.run || finalStages.includes(document.status.stage)) return
  const ingestion: Ingestion = {
    platform,
    reader,
    scope,
    run,
    document,
    signal,
    degraded: new Set(),
    understanding: createUnderstanding(platform, { scope, run, signal }),
    dense: null,
  }
  try {
    await runCourse(ingestion)
  } catch (error) {
    await settle(ingestion, error)
  }
}

async function runCourse(ingestion: Ingestion): Promise<void> {
  const { platform, scope, run, document } = ingestion
  const resumed = course.findIndex(({ stage }) => stage === document.status.stage)
  for (const [index, { stage, needed, run: runStage }] of course.entries()) {
    if (index < resumed || (needed && !(await needed(ingestion)))) continue
    if (index !== resumed) await platform.sql.withOrganization(scope, (tx) => writeStatus(tx, run, { stage }))
    await runStage(ingestion)
  }
  await platform.sql.withOrganization(scope, (tx) => writeStatus(tx, run, { stage: 'READY', degraded: [...ingestion.degraded] }))
}

async function settle(ingestion: Ingestion, error: unknown): Promise<void> {
  const { platform, scope, run, signal } = ingestion
  if (error instanceof Superseded) {
    // What was indexed before the deletion or the new run was noticed is taken back; a new run writes its own.
    const current = await platform.sql.withOrganization(scope, (tx) => findDocument(tx, run.documentId))
    if (!current) await platform.vectors.removeDocument(scope.organizationId, 'chunks', run.documentId)
    return
  }
  if (signal.aborted || error instanceof Cancelled || error instanceof EngineUnavailable) throw error
  if (!(error instanceof Unread)) {
    platform.log.error({ documentId: run.documentId, err: error }, 'ingestion failed')
    const attempts = await platform.sql.withOrganization(scope, (tx) => countAttempt(tx, run))
    if (attempts < patience) throw error
  }
  const reason = error instanceof Unread ? { code: error.code, message: error.message } : { code: 'UNREADABLE', message: 'Reading failed for a reason of ours; it is in the log.' }
  await platform.sql
    .withOrganization(scope, (tx) => writeStatus(tx, run, { stage: 'FAILED', error: reason }))
    .catch((late: unknown) => {
      if (!(late instanceof Superseded)) throw late
    })
}
