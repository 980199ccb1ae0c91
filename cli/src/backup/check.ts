import { join, resolve } from 'node:path'
import { existsSync } from 'node:fs'
import { listKnownMigrations } from '@passerelle/platform/sql/migrate'
import { Obstacle } from '../obstacle.ts'
import { migrationSets } from '../subgraphs.ts'
import { forEachBlob, isBlobWhole, openKept, readNames } from './blobs.ts'
import { readManifest, type BlobName, type Manifest } from './manifest.ts'
import { isWhole } from './pieces.ts'

/** A backup that can be restored by this version. */
export interface Backup extends Manifest {
  /** Absolute. */
  folder: string
  hasSecrets: boolean
}

/** Reads every byte of a backup. Throws an `Obstacle` for one that is not whole, damaged, or of a newer version. */
export async function checkBackup(given: string): Promise<Backup> {
  const folder = resolve(given)
  const manifest = await readManifest(folder)
  await requireKnown(folder, manifest)
  for (const piece of [
    ...manifest.tables,
    manifest.jobs,
    manifest.blobs,
    ...(manifest.vectors ? [manifest.vectors] : []),
  ])
    if (!(await isWhole(folder, piece))) throw damaged(folder, piece.file)
  await requireBlobs(folder, manifest)
  return { ...manifest, folder, hasSecrets: existsSync(join(folder, 'secrets.json')) }
}

async function requireKnown(folder: string, { migrations }: Manifest): Promise<void> {
  const known = new Map((await listKnownMigrations(migrationSets)).map(({ name, hash }) => [name, hash]))
  const newer = migrations.filter(({ name }) => !known.has(name)).map(({ name }) => name)
  if (newer.length > 0)
    throw new Obstacle(
      `The backup in ${folder} is of a newer version, which has ${newer.join(', ')}: restore it with that.`,
    )
  const other = migrations.filter(({ name, hash }) => known.get(name) !== hash).map(({ name }) => name)
  if (other.length > 0)
    throw new Obstacle(`The backup in ${folder} is of another product: it has another ${other.join(', ')}.`)
}

async function requireBlobs(folder: string, { blobs: list, absent }: Manifest): Promise<void> {
  const kept = await openKept(folder)
  const toKey = ({ organizationId, hash }: BlobName): string => `${organizationId}/${hash}`
  const known = new Set(absent.map(toKey))
  try {
    await forEachBlob(readNames(folder, list), async (name) => {
      if (!known.has(toKey(name)) && !(await isBlobWhole(kept, name)))
        throw damaged(folder, `the file ${name.hash} of ${name.organizationId}`)
    })
  } finally {
    await kept.close()
  }
}

function damaged(folder: string, what: string): Obstacle {
  return new Obstacle(`The backup in ${folder} is damaged: ${what} is not what it was.`)
}
