import { findGuardFaults } from '@passerelle/platform/audit/guards'
import { findMissingQueues } from '@passerelle/platform/jobs/install'
import type { Log } from '@passerelle/platform/log'
import { openSql, type SqlConnection } from '@passerelle/platform/sql'
import { inspectSql } from '@passerelle/platform/sql/inspect'
import { appRole, findUnfitness } from '@passerelle/platform/sql/roles'
import { readSchemaState } from '@passerelle/platform/sql/schema-state'
import { hasEmbedded, withEmbedded } from '../database/owner.ts'
import type { Env } from '../env/env.ts'
import type { SqlEnv } from '../env/sql.ts'
import { migrationSets, queues } from '../subgraphs.ts'

/** How the database is, in a line; throws what is wrong with it, and how to mend that. */
export async function describeDatabase(env: Env, log: Log): Promise<string> {
  if (env.sql) return describeServer(env.sql)
  return hasEmbedded(env) ? withEmbedded(env, log, describeEmbedded) : 'not made yet; the first start makes it'
}

async function describeEmbedded(owner: SqlConnection): Promise<string> {
  const state = await describeSchema(owner)
  await requireGuards({ ...owner, user: appRole })
  return state
}

async function describeServer({ app, listen, owner }: SqlEnv): Promise<string> {
  const unfit = await reach('SQL_URL', app, () => findUnfitness(app))
  if (unfit) throw new Error(`SQL_URL ${unfit}: give the plain role that passerelle migrate makes`)
  const state = await reach('SQL_LISTEN_URL', listen, () => describeSchema(listen))
  await requireRights(app)
  await requireGuards(app)
  if (owner) await requireOwnership(owner)
  return `${state}, at ${place(app)}${place(app) === place(listen) ? '' : `, heard at ${place(listen)}`}`
}

const schemas = ['platform', ...migrationSets.map(({ name }) => name)]

/** The walls between organisations stand, and the plain role may do its work. */
async function requireRights(app: SqlConnection): Promise<void> {
  const { unwalled, closed } = await reach('SQL_URL', app, () => inspectSql(app, schemas))
  if (unwalled.length > 0)
    throw new Error(
      `row security was taken off ${unwalled.join(', ')}: alter table … enable row level security, force row level security`,
    )
  if (closed.length > 0)
    throw new Error(
      `the plain role may not use ${closed.join(', ')}: grant it what was revoked, or run passerelle migrate as the owner of the tables`,
    )
}

/** Nobody changes what the audit log has. */
async function requireGuards(app: SqlConnection): Promise<void> {
  const sql = openSql(app, { max: 1 })
  const faults = await findGuardFaults(sql).finally(() => sql.close())
  if (faults.length > 0)
    throw new Error(
      `the audit log is not guarded against changes: ${faults.map(({ message }) => message).join(' ')} Find out who did that, put it back, and run passerelle audit verify`,
    )
}

async function requireOwnership(owner: SqlConnection): Promise<void> {
  const { owns } = await reach('SQL_OWNER_URL', owner, () => inspectSql(owner, schemas))
  if (!owns) throw new Error('SQL_OWNER_URL does not own the tables: give the role that ran passerelle migrate')
}

async function reach<T>(setting: string, connection: SqlConnection, ask: () => Promise<T>): Promise<T> {
  return ask().catch((error: Error & { code?: string }) => {
    if (!error.code) throw error
    throw new Error(`${setting}: ${place(connection)} does not let us in: ${error.message || error.code}`, {
      cause: error,
    })
  })
}

function place({ host, port }: SqlConnection): string {
  return `${host}:${port}`
}

async function describeSchema(connection: SqlConnection): Promise<string> {
  const { version, applied, missing, unknown } = await readSchemaState(connection, migrationSets)
  if (unknown.length > 0) throw new Error(`made by a newer version: this one does not know ${unknown.join(', ')}`)
  const absent = missing.length > 0 ? missing : await findMissingQueues(connection, queues)
  if (absent.length > 0) throw new Error(`waits for ${absent.join(', ')}: run passerelle migrate`)
  return `PostgreSQL ${version} answers, ${applied} migrations applied`
}
