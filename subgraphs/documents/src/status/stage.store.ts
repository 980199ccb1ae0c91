import type { Tx } from '@passerelle/platform/sql'
import type { Run } from './status.store.ts'
import { finalStages, type Stage } from './status.ts'
import type { Tables } from '../tables.ts'

export interface StageTiming {
  stage: Stage
  startedAt: Date
  finishedAt: Date | null
}

/** The stages of each of these runs, in the order they began. */
export async function loadTimings(tx: Tx, runs: readonly Run[]): Promise<StageTiming[][]> {
  const rows = await tx
    .withTables<Tables>()
    .selectFrom('documents.stage')
    .selectAll()
    .where(({ eb, refTuple, tuple }) =>
      eb(
        refTuple('document_id', 'run'),
        'in',
        runs.map(({ documentId, run }) => tuple(documentId, run)),
      ),
    )
    .orderBy('started_at')
    .execute()
  const byDocument = Map.groupBy(rows, (row) => row.document_id)
  return runs.map(({ documentId }) =>
    (byDocument.get(documentId) ?? []).map((row) => ({
      stage: row.stage,
      startedAt: row.started_at,
      finishedAt: row.finished_at,
    })),
  )
}

/** Ends the run's stage before, and begins this one when it is new; a final stage ends as it begins. */
export async function enterStage(
  tx: Tx,
  { documentId, run, stage, organizationId }: Run & { stage: Stage; organizationId: string },
): Promise<void> {
  const tables = tx.withTables<Tables>()
  await tables
    .updateTable('documents.stage')
    .set({ finished_at: new Date() })
    .where('document_id', '=', documentId)
    .where('run', '=', run)
    .where('stage', '<>', stage)
    .where('finished_at', 'is', null)
    .execute()
  await tables
    .insertInto('documents.stage')
    .values({
      organization_id: organizationId,
      document_id: documentId,
      run,
      stage,
      finished_at: finalStages.includes(stage) ? new Date() : null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
