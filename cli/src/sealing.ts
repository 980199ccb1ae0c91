import { audit } from '@passerelle/platform/audit'
import { openJobs } from '@passerelle/platform/jobs'
import type { Log } from '@passerelle/platform/log'
import { openErasureLedger } from '@passerelle/platform/privacy/ledger'
import { openSealing } from '@passerelle/platform/sealing'
import { newMasterKey } from '@passerelle/platform/sealing/local'
import { askToReseal } from '@passerelle/platform/sealing/round'
import type { Sql, SqlConnection } from '@passerelle/platform/sql'
import { withApp } from './database/owner.ts'
import type { Env } from './env/env.ts'
import { erasuresFile } from './erasures.ts'
import { masterKeyFile, openMasterKey, whileMasterKeyChanges } from './secrets/master-key.ts'
import { Obstacle } from './obstacle.ts'

/**
 * `key` prints a new master key. `rotate` makes a new data key for every organisation and has everything closed with it; `master` wraps all data keys with the
 * newest master key, which it makes where the key is in a file. Both also while the installation serves. Throws an `Obstacle` for anything else.
 */
export async function runSealing(env: Env, log: Log, name: string): Promise<void> {
  if (name === 'key') return console.log(newMasterKey())
  const verb = { rotate, master: rewrap }[name]
  if (!verb) throw new Obstacle(`“${name}” is nothing to do with sealing: say key, rotate or master.`)
  await withApp(env, log, (tools) => verb(env, { ...tools, log }))
}

interface Tools {
  sql: Sql
  app: SqlConnection
  log: Log
}

async function rotate(env: Env, { sql, app, log }: Tools): Promise<void> {
  const sealing = openSealing({ sql, master: await openMasterKey(env, sql) })
  await sealing.health()
  const jobs = await openJobs({ connection: app, sql, log })
  try {
    const rows = await sql.query<{ id: string }>('select distinct organization_id as id from platform.master_keys()')
    for (const { id } of rows)
      await sealing.rotate({ organizationId: id }, async (tx, from) => {
        await askToReseal(tx, jobs, from)
        audit(tx, { action: 'sealing_key.rotated' })
      })
    console.log(
      `Made new keys for ${rows.length} holders. Within three minutes all that is written is closed with them, and from then on what is there.`,
    )
  } finally {
    await jobs.close()
  }
}

async function rewrap(env: Env, { sql }: Tools): Promise<void> {
  const file = masterKeyFile(env)
  await (env.masterKey ? wrapAnew(env, sql) : whileMasterKeyChanges(file, () => wrapAnew(env, sql)))
  console.log(
    env.masterKey
      ? 'Once every process has been started with it alone, the one before it is needed for nothing but backups from before.'
      : `${file} has it on its first line; keep a copy elsewhere. The lines below it are needed for backups from before, and for nothing else.`,
  )
}

async function wrapAnew(env: Env, sql: Sql): Promise<void> {
  const sealing = openSealing({ sql, master: await openMasterKey(env, sql) })
  const count = await sealing.rewrap()
  const entries = await openErasureLedger({ file: erasuresFile(env), sealing }).rewrap()
  await sealing.health()
  console.log(`Wrapped ${count} keys and ${entries} entries of the list of erasures with the master key of now.`)
}
