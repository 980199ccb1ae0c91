import { setTimeout as sleep } from 'node:timers/promises'
import { findMissingQueues, migrateJobs } from '@passerelle/platform/jobs/install'
import type { Log } from '@passerelle/platform/log'
import type { SqlConnection } from '@passerelle/platform/sql'
import { openEmbeddedPostgres } from '@passerelle/platform/sql/embedded'
import { migrate } from '@passerelle/platform/sql/migrate'
import { createAppRole, findUnfitness } from '@passerelle/platform/sql/roles'
import { readSchemaState } from '@passerelle/platform/sql/schema-state'
import { postgresFolder, requireOwner } from './place.ts'
import type { Env } from '../env/env.ts'
import type { SqlEnv } from '../env/sql.ts'
import { Obstacle } from '../obstacle.ts'
import type { Closers } from '../shutdown.ts'
import { migrationSets, queues } from '../subgraphs.ts'

export type Database = {
  /** The plain role that row security binds. */
  app: SqlConnection
  /** The same, where NOTIFY is heard. */
  listen: SqlConnection
  /** Owns the tables of the embedded server, which serves this process alone; null where others may be at work too. */
  owner: SqlConnection | null
}

interface Opening {
  env: Env
  log: Log
  closers: Closers
}

/** A server that starts at the same moment as this process may need as long. */
const PATIENCE_MS = 60_000

/**
 * Opens the PostgreSQL of this installation: the embedded one is started and brought to the state this version needs; one of `SQL_URL` must be
 * in it already, and is refused with an `Obstacle` that says what to do when it is not.
 */
export async function openDatabase(opening: Opening): Promise<Database> {
  const { sql } = opening.env
  if (sql) {
    await requireMigrated(sql, opening.log)
    return { app: sql.app, listen: sql.listen, owner: null }
  }
  const owner = await startEmbedded(opening)
  await bringUp(owner)
  const app = { ...owner, user: 'passerelle_app' }
  return { app, listen: app, owner }
}

/** Brings the database to the state this version needs, with its roles; answers the migrations that this applied. */
export async function migrateDatabase(opening: Opening): Promise<string[]> {
  const { sql } = opening.env
  if (!sql) return bringUp(await startEmbedded(opening))
  const owner = requireOwner(sql)
  await makeAppRole(sql)
  return bringUp(owner)
}

/** Makes the role that `SQL_URL` names, when it is not there. */
export async function makeAppRole(sql: SqlEnv): Promise<void> {
  const { user = '', password } = sql.app
  await createAppRole(requireOwner(sql), { user, password: typeof password === 'string' ? password : undefined })
}

async function startEmbedded({ env, log, closers }: Opening): Promise<SqlConnection> {
  const server = await openEmbeddedPostgres({ folder: postgresFolder(env), log: log.child({ name: 'postgres' }) })
  closers.add('PostgreSQL', server.stop)
  return server.owner
}

/** Applies what is missing, and answers its names. */
export async function bringUp(owner: SqlConnection): Promise<string[]> {
  const applied = await migrate(owner, migrationSets)
  await migrateJobs(owner, queues)
  return applied
}

async function requireMigrated({ app, listen }: SqlEnv, log: Log): Promise<void> {
  const unfit = await waitFor(() => findUnfitness(app), log)
  if (unfit) throw new Obstacle(`SQL_URL ${unfit}: give the plain role that passerelle migrate makes.`)
  const { missing } = await readSchemaState(listen, migrationSets)
  const absent = missing.length > 0 ? missing : await findMissingQueues(listen, queues)
  if (absent.length > 0) throw new Obstacle(`The database waits for ${absent.join(', ')}: run passerelle migrate.`)
}

/** Asks again until there is an answer: what starts all engines at once starts some of them late. */
async function waitFor<T>(ask: () => Promise<T>, log: Log): Promise<T> {
  for (const start = Date.now(); ; await sleep(1_000)) {
    try {
      return await ask()
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      if (Date.now() - start > PATIENCE_MS) throw new Obstacle(`The database of SQL_URL does not answer: ${reason}`)
      log.warn({ reason }, 'waiting for the database of SQL_URL')
    }
  }
}
