import { existsSync } from 'node:fs'
import { anchorGrown, anchorRestored } from '@passerelle/platform/audit/anchor'
import { audit, installationChain, type AuditDetail } from '@passerelle/platform/audit'
import { openTokenKeys } from '@passerelle/platform/identity'
import type { Log } from '@passerelle/platform/log'
import { openSql, type Sql, type SqlConnection } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import { hasEmbedded, withEmbedded } from '../database/owner.ts'
import { openBlobs } from '../engines/blobs.ts'
import type { Env } from '../env/env.ts'
import { Obstacle } from '../obstacle.ts'
import { readSharedSecrets, secretsFile } from '../secrets/secrets.ts'

/** What the audit log stands on, opened for one verb of the operator. */
export type AuditHouse = Pick<Platform, 'sql' | 'blobs' | 'keys' | 'log'>

/** Opens it beside whatever runs on the installation, and closes it behind the work. Throws an `Obstacle` where there is no installation yet. */
export async function withAudit<T>(env: Env, log: Log, work: (house: AuditHouse) => Promise<T>): Promise<T> {
  if (env.sql) return open({ env, log, app: env.sql.app }, work)
  if (!hasEmbedded(env)) throw new Obstacle(`There is nothing in ${env.dataFolder} yet.`)
  return withEmbedded(env, log, (owner) => open({ env, log, app: appOf(env, owner) }, work))
}

async function open<T>(
  { env, log, app }: { env: Env; log: Log; app: SqlConnection },
  work: (house: AuditHouse) => Promise<T>,
): Promise<T> {
  const { tokenKey, fileKey } = await readSharedSecrets(secretsFile(env))
  const keys = openTokenKeys({ tokenKey, fileKey })
  const blobs = await openBlobs(env, log)
  try {
    return await withSql(app, (sql) => work({ sql, blobs, keys, log }))
  } finally {
    await blobs.close()
  }
}

/** Signs every chain as it stands before a backup is made: that a later restore returned to it is proven by that. */
export async function signForBackup({ env, log, owner }: { env: Env; log: Log; owner: SqlConnection }): Promise<void> {
  if (!existsSync(secretsFile(env))) return
  await open({ env, log, app: appOf(env, owner) }, (house) => anchorGrown(house, { grown: 1, age: '0 seconds' }))
}

/** Writes into every chain that the rows were put back to what they were, and signs them as they stand now. */
export async function noteRestore(
  { env, log, owner }: { env: Env; log: Log; owner: SqlConnection },
  backedUpAt: string,
): Promise<void> {
  // Without secrets nothing that was signed holds any more, and there is nothing to sign with.
  if (!existsSync(secretsFile(env))) return
  await open({ env, log, app: appOf(env, owner) }, async (house) => {
    const chains = await house.sql.query<{ id: string }>('select organization_id as id from platform.audit_heads()')
    for (const id of new Set([installationChain, ...chains.map((chain) => chain.id)]))
      await house.sql.withOrganization({ organizationId: id }, async (tx) =>
        audit(tx, { action: 'installation.restored', detail: { backedUpAt } }),
      )
    await anchorRestored(house)
  })
}

/** Writes into the installation's own chain what its operator did. */
export async function noteOfOperator(
  { env, owner }: { env: Env; owner: SqlConnection },
  event: { action: string; detail: AuditDetail },
): Promise<void> {
  await withSql(appOf(env, owner), (sql) =>
    sql.withOrganization({ organizationId: installationChain }, async (tx) => audit(tx, event)),
  )
}

function appOf(env: Env, owner: SqlConnection): SqlConnection {
  return env.sql?.app ?? { ...owner, user: 'passerelle_app' }
}

async function withSql<T>(app: SqlConnection, work: (sql: Sql) => Promise<T>): Promise<T> {
  const sql = openSql(app, { max: 2 })
  try {
    return await work(sql)
  } finally {
    await sql.close()
  }
}
