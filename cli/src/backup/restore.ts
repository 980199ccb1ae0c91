import { chmod, copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Blobs } from '@passerelle/platform/blobs'
import { releaseHolds } from '@passerelle/platform/facts/cursors'
import type { Log } from '@passerelle/platform/log'
import { mergeLedgers } from '@passerelle/platform/privacy/ledger'
import type { SqlConnection } from '@passerelle/platform/sql'
import { inspect } from '@passerelle/platform/sql/load'
import { noteRestore } from '../audit/house.ts'
import { requireOwner } from '../database/place.ts'
import { makeAppRole } from '../database/database.ts'
import { withTaken } from '../database/owner.ts'
import { demoMarker } from '../demo/demo.ts'
import { openBlobs } from '../engines/blobs.ts'
import { erasuresFile } from '../erasures.ts'
import type { Env } from '../env/env.ts'
import { Obstacle } from '../obstacle.ts'
import { copyBlob, forEachBlob, openKept, readNames } from './blobs.ts'
import { checkBackup, type Backup } from './check.ts'
import { emptyDerived } from './derived.ts'
import { copyIfThere } from './pieces.ts'
import { listFormer, removeFormer } from './restore.former.ts'
import { restoreRows } from './restore.rows.ts'
import { requireNobody, unfinishedFile } from './restore.walls.ts'
import { secretsFile } from '../secrets/secrets.ts'
import { keptErasures, schemas } from './stores.ts'

interface Restoring {
  env: Env
  log: Log
  backup: Backup
  owner: SqlConnection
}

/**
 * Makes the installation what a backup says. Nothing may run on it, and it must be empty unless what it has is to be replaced. Everything is looked at before
 * anything is touched; a restore that is cut short is run again. Throws an `Obstacle` with what stands in the way.
 */
export async function restore(
  env: Env,
  log: Log,
  { folder, replace }: { folder: string; replace: boolean },
): Promise<void> {
  const backup = await checkBackup(folder)
  const work = async (owner: SqlConnection): Promise<void> => {
    const { filled } = await inspect(owner, schemas)
    if (filled && !replace)
      throw new Obstacle(
        'This installation has data: add --replace to lose it, or restore into another one (PASSERELLE_DATA, SQL_URL).',
      )
    await putBack({ env, log, backup, owner })
  }
  if (!env.sql) return withTaken(env, log, work)
  await requireNobody(env.sql)
  await makeAppRole(env.sql)
  await work(requireOwner(env.sql))
}

/** Files first, so that no row is ever without its own; then what can be made again goes, and the rows come. */
async function putBack({ env, log, backup, owner }: Restoring): Promise<void> {
  await mkdir(env.dataFolder, { recursive: true, mode: 0o700 })
  await writeFile(unfinishedFile(env.dataFolder), '')
  const former = await listFormer(env, { owner, backup })
  const blobs = await openBlobs(env, log)
  try {
    const files = await putBlobs(blobs, backup)
    const { indexIsThere: beside } = await emptyDerived(env, log, { owner, backup })
    const wantsVectors = { of: env.vectors ? 'all' : 'dense', beside } as const
    const { rows, jobs } = await restoreRows(owner, { backup, wantsVectors })
    await releaseHolds(owner)
    await removeFormer(blobs, owner, former)
    const secrets = await putSecrets(env, backup)
    await rm(demoMarker(env.dataFolder), { force: true })
    await copyIfThere(demoMarker(backup.folder), demoMarker(env.dataFolder))
    await noteRestore({ env, log, owner }, backup.at)
    // What was erased since stays erased: the list that is here is kept, and what the backup's has beside it is added.
    await mergeLedgers(join(backup.folder, keptErasures), erasuresFile(env))
    await rm(unfinishedFile(env.dataFolder), { force: true })
    console.log(`The installation is as it was at ${backup.at}: ${rows} rows, ${jobs} jobs, ${files} files.`)
    console.log(secrets)
    console.log(
      'What was erased since, by the list that is here, is erased again at the next start, before anybody is served.',
    )
    console.log(
      'Keys, links, sessions and members that were ended since then are good again: docs/operations.md says how to end them.',
    )
    console.log('The graph and the vectors are made again from the next start on, while it serves.')
  } finally {
    await blobs.close()
  }
}

async function putBlobs(blobs: Blobs, { folder, blobs: list, absent }: Backup): Promise<number> {
  const kept = await openKept(folder)
  const missing = new Set(absent.map(({ organizationId, hash }) => `${organizationId}/${hash}`))
  let files = 0
  try {
    await forEachBlob(readNames(folder, list), async (name) => {
      if (missing.has(`${name.organizationId}/${name.hash}`)) return
      if (!(await copyBlob(kept, blobs, name)))
        throw new Obstacle(`The file ${name.hash} of the backup could not be read again.`)
      files++
    })
  } finally {
    await kept.close()
  }
  return files
}

/** Answers what there is to say of the secrets. */
async function putSecrets(env: Env, { folder, hasSecrets }: Backup): Promise<string> {
  const target = secretsFile(env)
  if (!hasSecrets) return 'The backup has no secrets: everyone has to log in again, unless they are still here.'
  if (env.secretsFile)
    return `Its secrets are in ${join(folder, 'secrets.json')}; ${target} was left as it is. Sessions go on where the two are the same.`
  await copyFile(join(folder, 'secrets.json'), `${target}.new`)
  await chmod(`${target}.new`, 0o600)
  await rename(`${target}.new`, target)
  return 'Its secrets are back: log-ins and sessions are those of then.'
}
