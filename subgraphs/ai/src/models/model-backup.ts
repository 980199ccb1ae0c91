import { audit } from '@passerelle/platform/audit'
import { newId } from '@passerelle/platform/ids'
import type { ModelBackup } from '@passerelle/platform/models'
import { NotFound, type Viewer } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'
import { findBackup, insertBackup, listBackups, removeBackup } from './model-backup.store.ts'

/** A backup as the organisation that made it knows it. */
export interface Backup extends ModelBackup {
  id: string
  madeBy: string | null
  /** Whether the copy is still at the server. */
  available: boolean
}

export type KeptBackup = Omit<Backup, 'available'>

/** The organisation's backups, the newest first. */
export async function listModelBackups(platform: Platform, viewer: Viewer): Promise<Backup[]> {
  const kept = await platform.sql.withOrganization(viewer, listBackups)
  return kept.map((backup) => withPresence(platform, backup))
}

/** Keeps a model as it is now. */
export async function backUpModel(platform: Platform, viewer: Viewer, name: string): Promise<Backup> {
  const made = await platform.models.library.backUp(name)
  const backup: KeptBackup = { ...made, id: newId('mbk'), madeBy: viewer.userId }
  await platform.sql.withOrganization(viewer, async (tx) => {
    await insertBackup(tx, viewer.organizationId, backup)
    audit(tx, { action: 'model_backup.made', subject: { kind: 'Model', id: name } })
  })
  return withPresence(platform, backup)
}

/** Gives a model back what a backup kept of it. */
export async function restoreModel(platform: Platform, viewer: Viewer, id: string): Promise<Backup> {
  const backup = await requireBackup(platform, viewer, id)
  await platform.models.library.restore(backup)
  await platform.sql.withOrganization(viewer, async (tx) =>
    audit(tx, { action: 'model_backup.restored', subject: { kind: 'Model', id: backup.model } }),
  )
  return withPresence(platform, backup)
}

/** Removes a backup's copy and the word about it. */
export async function removeModelBackup(platform: Platform, viewer: Viewer, id: string): Promise<Backup> {
  const backup = await requireBackup(platform, viewer, id)
  // One whose copy is gone is forgotten all the same.
  if (platform.models.library.backups().includes(backup.copy)) await platform.models.library.remove(backup.copy)
  await platform.sql.withOrganization(viewer, async (tx) => {
    await removeBackup(tx, id)
    audit(tx, { action: 'model_backup.removed', subject: { kind: 'Model', id: backup.model } })
  })
  return { ...backup, available: false }
}

async function requireBackup({ sql }: Platform, viewer: Viewer, id: string): Promise<KeptBackup> {
  const backup = await sql.withOrganization(viewer, (tx) => findBackup(tx, id))
  if (!backup) throw new NotFound()
  return backup
}

function withPresence({ models }: Platform, backup: KeptBackup): Backup {
  return { ...backup, available: models.library.backups().includes(backup.copy) }
}
