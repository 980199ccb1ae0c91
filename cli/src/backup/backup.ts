import { mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Blobs } from '@passerelle/platform/blobs'
import { unfinishedJobs } from '@passerelle/platform/jobs/carry'
import type { Log } from '@passerelle/platform/log'
import { withSnapshot, type Snapshot } from '@passerelle/platform/sql/dump'
import { noteOfOperator, signForBackup } from '../audit/house.ts'
import { hasEmbedded, withOwner } from '../database/owner.ts'
import { demoMarker } from '../demo/demo.ts'
import { openBlobs } from '../engines/blobs.ts'
import { erasuresFile } from '../erasures.ts'
import type { Env } from '../env/env.ts'
import { Obstacle } from '../obstacle.ts'
import { copyBlob, forEachBlob, openKept, readNames } from './blobs.ts'
import { saveIndex } from './index-file.ts'
import { rememberBackup } from './last.ts'
import { writeManifest, type BlobName, type Manifest } from './manifest.ts'
import { copyIfThere, writePiece } from './pieces.ts'
import { secretsFile } from '../secrets/secrets.ts'
import { findHeld, heldBlobs, keptErasures, schemas } from './stores.ts'

type Rows = Omit<Manifest, 'format' | 'absent' | 'vectors'>

/**
 * Writes a backup of the installation into a new folder, while it runs or not: the rows of one moment, the files that they hold, and the secrets. A folder
 * that is there under its name is whole. Prints what is in it; answers whether every file was there, and was what its name says.
 */
export async function backUp(env: Env, log: Log, given: string): Promise<boolean> {
  const folder = resolve(given)
  await requireAbsent(folder)
  if (!env.sql && !hasEmbedded(env)) throw new Obstacle(`There is nothing to back up in ${env.dataFolder} yet.`)
  const unfinished = `${folder}.unfinished`
  await rm(unfinished, { recursive: true, force: true })
  await mkdir(join(unfinished, 'tables'), { recursive: true, mode: 0o700 })
  return withOwner(env, log, async (owner) => {
    await signForBackup({ env, log, owner })
    const rows = await withSnapshot(owner, schemas, (snapshot) => writeRows(unfinished, snapshot))
    const blobs = await openBlobs(env, log)
    const absent = await copyBlobs(blobs, unfinished, rows).finally(() => blobs.close())
    const vectors = await saveIndex(env, log, unfinished)
    const secrets = await saveSecrets(env, unfinished)
    await copyIfThere(demoMarker(env.dataFolder), demoMarker(unfinished))
    await copyIfThere(erasuresFile(env), join(unfinished, keptErasures))
    await writeManifest(unfinished, { ...rows, absent, vectors })
    await noteOfOperator(
      { env, owner },
      { action: 'backup.made', detail: { at: rows.at, missingFiles: absent.length } },
    )
    await rename(unfinished, folder)
    await syncFolder(dirname(folder))
    await rememberBackup(env.dataFolder, { at: rows.at, folder })
    const lost = await findHeld(owner, absent)
    describe(folder, { ...rows, absent, vectors }, { secrets, lost })
    return lost.length === 0
  })
}

async function requireAbsent(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw new Obstacle(`${folder} cannot be used (${error.code}): name a folder that is not there yet.`)
  })
  if (names.length > 0) throw new Obstacle(`${folder} is not empty: name a folder that is not there yet.`)
}

async function writeRows(folder: string, snapshot: Snapshot): Promise<Rows> {
  const at = new Date().toISOString()
  if (snapshot.migrations.length === 0) throw new Obstacle('There is nothing to back up: the database is empty.')
  const tables: Rows['tables'] = []
  for (const table of snapshot.tables) {
    const written = await writePiece(folder, `tables/${table.name}.copy.gz`, snapshot.read(table))
    tables.push({ ...table, ...written })
  }
  return {
    at,
    migrations: [...snapshot.migrations],
    tables,
    sequences: snapshot.sequences,
    jobs: await writePiece(folder, 'jobs.copy.gz', snapshot.readQuery(unfinishedJobs)),
    blobs: await writePiece(folder, 'blobs.copy.gz', snapshot.readQuery(heldBlobs)),
  }
}

/** Copies the files that the rows hold; answers those that are gone, deleted since, or are not what they should be. */
async function copyBlobs(blobs: Blobs, folder: string, { blobs: list }: Rows): Promise<BlobName[]> {
  const kept = await openKept(folder)
  const absent: BlobName[] = []
  await forEachBlob(readNames(folder, list), async (name) => {
    if (!(await copyBlob(blobs, kept, name))) absent.push(name)
  })
  await kept.close()
  return absent
}

async function saveSecrets(env: Env, folder: string): Promise<boolean> {
  const target = join(folder, 'secrets.json')
  if (!(await copyIfThere(secretsFile(env), target))) return false
  const file = await open(target, 'r+')
  await file.chmod(0o600)
  await file.sync()
  await file.close()
  return true
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  await folder.sync()
  await folder.close()
}

function describe(
  folder: string,
  { at, tables, blobs, absent, vectors }: Omit<Manifest, 'format'>,
  { secrets, lost }: { secrets: boolean; lost: readonly BlobName[] },
): void {
  const rows = tables.reduce((sum, { lines }) => sum + lines, 0)
  console.log(`${folder} is as the installation was at ${at}:`)
  console.log(`  ${rows} rows of ${tables.length} tables, ${blobs.lines - absent.length} files`)
  if (vectors) console.log(`  the search index, ${Math.ceil(vectors.bytes / 1024 ** 2)} MiB`)
  const deleted = absent.length - lost.length
  if (deleted > 0) console.log(`  ${deleted} files were deleted meanwhile, and are not in it`)
  console.log(
    secrets
      ? '  its secrets, with which sessions and links can be forged: keep it where only you can read it'
      : `  no secrets: there is no file of them here, so keep what PASSERELLE_SECRETS names yourself`,
  )
  console.log(
    '  not the master key of what is sealed: without it personal data cannot be opened, so keep it apart from this',
  )
  for (const { organizationId, hash } of lost)
    console.error(`✗ the file ${hash} of ${organizationId} is gone or damaged, and a document still has it`)
}
