import { sql } from 'kysely'
import { publish } from '@passerelle/platform/facts'
import { rowsOf, type Tx } from '@passerelle/platform/sql'
import { statusChangedType } from '../document/document.facts.ts'
import { toDocument } from '../document/document.store.ts'
import { enterStage } from './stage.store.ts'
import { progressOf, type Stage } from './status.ts'
import type { Tables } from '../tables.ts'

/** Which ingestion of a document a writer works for. */
export interface Run {
  documentId: string
  run: number
}

/** The run has been replaced, cancelled or deleted meanwhile: whoever meets this stops and writes no more. */
export class Superseded extends Error {
  constructor({ documentId, run }: Run) {
    super(`Run ${run} of ${documentId} has been superseded.`)
    this.name = 'Superseded'
  }
}

/** Keeps the document at this run until the transaction ends. Throws Superseded when the run is no longer the document's. */
export async function holdRun(tx: Tx, { documentId, run }: Run): Promise<void> {
  const row = await tx
    .withTables<Tables>()
    .selectFrom('documents.document')
    .select('id')
    .where('id', '=', documentId)
    .where('run', '=', run)
    .forNoKeyUpdate()
    .executeTakeFirst()
  if (!row) throw new Superseded({ documentId, run })
}

export interface NewStatus {
  stage: Stage
  /** Share of the stage that is done. */
  share?: number
  error?: { code: string; message: string }
  degraded?: readonly Stage[]
}

/**
 * Writes a step of the ingestion: the row, the stage's times and the fact, and the fact's position back into the row, so that who reads
 * the row can continue from exactly there. Throws Superseded when the run is no longer the document's.
 */
export async function writeStatus(
  tx: Tx,
  { documentId, run }: Run,
  { stage, share = 0, error, degraded = [] }: NewStatus,
): Promise<void> {
  const at = new Date()
  const row = await tx
    .withTables<Tables>()
    .updateTable('documents.document')
    .set({
      stage,
      // A stage that is done once more after an interruption does not take back what was said.
      progress: sql<number>`greatest(progress, ${progressOf(stage, share)}::real)`,
      error_code: error?.code ?? null,
      error_message: error?.message ?? null,
      degraded: [...degraded],
      updated_at: at,
    })
    .where('id', '=', documentId)
    .where('run', '=', run)
    .returning(['organization_id', 'progress', 'created_by'])
    .executeTakeFirst()
  if (!row) throw new Superseded({ documentId, run })
  await enterStage(tx, { documentId, run, stage, organizationId: row.organization_id })
  publish(tx, {
    type: statusChangedType,
    payload: {
      documentId,
      stage,
      progress: row.progress,
      error: error ?? null,
      degraded,
      at,
      userId: row.created_by,
    },
    written: (position) => writeCursor(tx, documentId, position),
  })
}

async function writeCursor(tx: Tx, documentId: string, position: string): Promise<void> {
  await rowsOf(tx, 'update documents.document set cursor = $2 where id = $1', [documentId, position])
}

/** Takes a stage from what a READY document still lacks, and tells of it. Nothing when it does not lack it, or the run has moved on. */
export async function clearDegraded(tx: Tx, { documentId, run }: Run, stage: Stage): Promise<void> {
  const [row] = await rowsOf<{ degraded: Stage[] }>(
    tx,
    `update documents.document set degraded = array_remove(degraded, $3)
     where id = $1 and run = $2 and stage = 'READY' and $3 = any(degraded) returning degraded`,
    [documentId, run, stage],
  )
  if (row) await writeStatus(tx, { documentId, run }, { stage: 'READY', degraded: row.degraded })
}

/** Tells who watches a provisional id that it means another document now, and where that one stands. */
export async function announceAs(tx: Tx, provisionalId: string, documentId: string): Promise<void> {
  const row = await tx
    .withTables<Tables>()
    .selectFrom('documents.document')
    .selectAll()
    .where('id', '=', documentId)
    .executeTakeFirstOrThrow()
  const { stage, progress, error, degraded, updatedAt } = toDocument(row).status
  publish(tx, {
    type: statusChangedType,
    payload: { documentId: provisionalId, stage, progress, error, degraded, at: updatedAt },
  })
}

/** Opens a new run: everything read before is dropped, and writers of earlier runs are superseded. Answers its number. */
export async function resetForRun(tx: Tx, documentId: string): Promise<number> {
  const tables = tx.withTables<Tables>()
  const { run } = await tables
    .updateTable('documents.document')
    .set({
      run: sql<number>`run + 1`,
      attempts: 0,
      progress: 0,
      page_count: null,
      kind: null,
      language: null,
      embedding_model: null,
      embedding_due: sql<Date>`now()`,
    })
    .where('id', '=', documentId)
    .returning('run')
    .executeTakeFirstOrThrow()
  await tables.deleteFrom('documents.page').where('document_id', '=', documentId).execute()
  await dropUnderstanding(tx, documentId)
  return run
}

/** Deletes what was made of the document's text. */
export async function dropUnderstanding(tx: Tx, documentId: string): Promise<void> {
  const tables = tx.withTables<Tables>()
  for (const table of ['documents.chunk', 'documents.mention', 'documents.relation'] as const) {
    await tables.deleteFrom(table).where('document_id', '=', documentId).execute()
  }
}

/** Counts a try of the run that ended in an unforeseen error, and answers how many there were. */
export async function countAttempt(tx: Tx, { documentId, run }: Run): Promise<number> {
  const row = await tx
    .withTables<Tables>()
    .updateTable('documents.document')
    .set({ attempts: sql<number>`attempts + 1` })
    .where('id', '=', documentId)
    .where('run', '=', run)
    .returning('attempts')
    .executeTakeFirst()
  if (!row) throw new Superseded({ documentId, run })
  return row.attempts
}
