import type { Jobs, Queue } from '@passerelle/platform/jobs'
import type { Tx } from '@passerelle/platform/sql'
import type { Run } from '../status/status.store.ts'

/** `anew`: the points of a document that is READY are written once more. */
export type Reading = Run & { anew?: boolean }

/**
 * The reading of documents. A job that a killed process held comes back and goes on at its stage, as often as that happens; errors of ours
 * are counted on the document and end it after a few tries. A document is read by one job at a time.
 */
export const ingestionQueue: Queue<Reading> = {
  name: 'documents.ingest',
  retries: 1000,
  concurrency: 4,
  perOrganization: 3,
}

/** What is said in recordings takes minutes to write down: it has places of its own, so that papers are not kept waiting. */
export const transcriptionQueue: Queue<Run> = {
  name: 'documents.transcribe',
  retries: 1000,
  concurrency: 4,
  perOrganization: 2,
}

/** Has the document's run gone on with, or what its stage asks for: after whatever job of the document is there already. */
export async function enqueueIngestion(
  tx: Tx,
  jobs: Jobs,
  { documentId, run, anew = false, priority = 0 }: Reading & { priority?: number },
): Promise<void> {
  await jobs.enqueue(tx, ingestionQueue, { documentId, run, ...(anew && { anew }) }, { key: documentId, priority })
}

/** Has what is said in a recording written down; the run goes on after that. */
export async function enqueueTranscription(tx: Tx, jobs: Jobs, { documentId, run }: Run): Promise<void> {
  await jobs.enqueue(tx, transcriptionQueue, { documentId, run }, { key: documentId })
}
