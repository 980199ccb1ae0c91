import type { Tx } from '@passerelle/platform/sql'
import type { Selectable } from 'kysely'
import type { KeptBackup } from './model-backup.ts'
import type { Tables } from '../tables.ts'

/** The organisation's backups, the newest first. */
export async function listBackups(tx: Tx): Promise<KeptBackup[]> {
  const rows = await tx
    .withTables<Tables>()
    .selectFrom('ai.model_backup')
    .selectAll()
    .orderBy('made_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return rows.map(toBackup)
}

export async function findBackup(tx: Tx, id: string): Promise<KeptBackup | null> {
  const row = await tx
    .withTables<Tables>()
    .selectFrom('ai.model_backup')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst()
  return row ? toBackup(row) : null
}

export async function insertBackup(tx: Tx, organizationId: string, backup: KeptBackup): Promise<void> {
  await tx
    .withTables<Tables>()
    .insertInto('ai.model_backup')
    .values({
      id: backup.id,
      organization_id: organizationId,
      model: backup.model,
      copy: backup.copy,
      digest: backup.digest,
      size_bytes: backup.sizeBytes,
      made_by: backup.madeBy,
      made_at: backup.madeAt,
    })
    .execute()
}

export async function removeBackup(tx: Tx, id: string): Promise<void> {
  await tx.withTables<Tables>().deleteFrom('ai.model_backup').where('id', '=', id).execute()
}

function toBackup(row: Selectable<Tables['ai.model_backup']>): KeptBackup {
  return {
    id: row.id,
    model: row.model,
    copy: row.copy,
    digest: row.digest,
    sizeBytes: row.size_bytes,
    madeBy: row.made_by,
    madeAt: row.made_at,
  }
}
