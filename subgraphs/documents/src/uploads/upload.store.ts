import type { Tx } from '@passerelle/platform/sql'
import { holdName } from '@passerelle/platform/sql/hold'
import { resetForRun, writeStatus } from '../status/status.store.ts'
import type { Tables } from '../tables.ts'

/** Until the transaction ends nobody else of the organisation gives these bytes to a document or takes them away. */
export async function lockHash(tx: Tx, hash: string): Promise<void> {
  await holdName(tx, `bytes ${hash}`)
}

/** Gives the bytes to the document; false when another document of the organisation has them. Two that try at once take turns. */
export async function claimHash(tx: Tx, documentId: string, hash: string): Promise<boolean> {
  await lockHash(tx, hash)
  if (await findByHash(tx, hash)) return false
  await tx.withTables<Tables>().updateTable('documents.document').set({ hash }).where('id', '=', documentId).execute()
  return true
}

/** Makes the document wait for its bytes again; whatever has begun to read them is superseded. */
export async function giveBack(tx: Tx, documentId: string): Promise<void> {
  const run = await resetForRun(tx, documentId)
  await tx
    .withTables<Tables>()
    .updateTable('documents.document')
    .set({ hash: null })
    .where('id', '=', documentId)
    .execute()
  await writeStatus(tx, { documentId, run }, { stage: 'WAITING' })
}

/** The id of the document that holds these bytes. */
export async function findByHash(tx: Tx, hash: string): Promise<string | null> {
  const row = await tx
    .withTables<Tables>()
    .selectFrom('documents.document')
    .select('id')
    .where('hash', '=', hash)
    .where('same_as', 'is', null)
    .executeTakeFirst()
  return row?.id ?? null
}

/** Makes a provisional id mean another document. */
export async function pointTo(tx: Tx, documentId: string, holder: string): Promise<void> {
  await tx
    .withTables<Tables>()
    .updateTable('documents.document')
    .set({ same_as: holder })
    .where('id', '=', documentId)
    .execute()
}

/** Deletes announced documents whose bytes never came; answers their ids. */
export async function deleteAbandoned(tx: Tx, before: Date): Promise<string[]> {
  const rows = await tx
    .withTables<Tables>()
    .deleteFrom('documents.document')
    .where('hash', 'is', null)
    .where('same_as', 'is', null)
    .where('file_withheld', 'is', null)
    .where('created_at', '<', before)
    .returning('id')
    .execute()
  return rows.map(({ id }) => id)
}
