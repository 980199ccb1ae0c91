import { copyFile, mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { Blobs } from '@passerelle/platform/blobs'
import type { SqlConnection } from '@passerelle/platform/sql'
import { withSnapshot } from '@passerelle/platform/sql/dump'
import type { Env } from '../env/env.ts'
import { readNames } from './blobs.ts'
import type { Backup } from './check.ts'
import type { BlobName } from './manifest.ts'
import { writePiece } from './pieces.ts'
import { findHeld, namedBlobs, schemas } from './stores.ts'

const FOLDER = 'restore-former'
const ROWS = 'rows.copy.gz'
const NO_SUCH_TABLE = '42P01'

/**
 * Writes down which files may be left behind: those that the rows name which are about to go, and those that the backup brings. What a restore wrote down that
 * was cut short stays: by now nothing else knows of the files of before it, and another backup may be the one that is put back. Answers where.
 */
export async function listFormer(
  { dataFolder }: Env,
  { owner, backup }: { owner: SqlConnection; backup: Backup },
): Promise<string> {
  const folder = join(dataFolder, FOLDER)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await whole(folder, ROWS, (beside) => writeNames(owner, { folder, beside }))
  await whole(folder, `${backup.blobs.sha256}.copy.gz`, (beside) =>
    copyFile(join(backup.folder, backup.blobs.file), join(folder, beside)),
  )
  return folder
}

/** Makes a file that is not there yet; one that is there is whole. */
async function whole(folder: string, name: string, write: (beside: string) => Promise<unknown>): Promise<void> {
  const beside = `${name}.new`
  if (await stat(join(folder, name)).catch(() => null)) return
  await rm(join(folder, beside), { force: true })
  await write(beside)
  await rename(join(folder, beside), join(folder, name))
}

async function writeNames(
  owner: SqlConnection,
  { folder, beside }: { folder: string; beside: string },
): Promise<unknown> {
  try {
    return await withSnapshot(owner, schemas, ({ readQuery }) => writePiece(folder, beside, readQuery(namedBlobs)))
  } catch (error) {
    if ((error as { code?: string }).code !== NO_SUCH_TABLE) throw error
    await rm(join(folder, beside), { force: true })
    return writePiece(folder, beside, Readable.from([]))
  }
}

/** Removes those of the files that no row names now, and the lists of them. */
export async function removeFormer(blobs: Blobs, owner: SqlConnection, folder: string): Promise<void> {
  const remove = async (batch: readonly BlobName[]): Promise<void> => {
    const held = new Set((await findHeld(owner, batch)).map(({ organizationId, hash }) => `${organizationId}/${hash}`))
    for (const { organizationId, hash } of batch)
      if (!held.has(`${organizationId}/${hash}`)) await blobs.remove(organizationId, hash)
  }
  for (const file of (await readdir(folder)).filter((name) => name.endsWith('.copy.gz'))) {
    let batch: BlobName[] = []
    for await (const name of readNames(folder, { file })) {
      batch.push(name)
      if (batch.length < 1_000) continue
      await remove(batch)
      batch = []
    }
    await remove(batch)
  }
  await rm(folder, { recursive: true, force: true })
}
