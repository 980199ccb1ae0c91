import { join } from 'node:path'
import { migrateJobs } from '@passerelle/platform/jobs/install'
import type { Log } from '@passerelle/platform/log'
import type { SqlConnection } from '@passerelle/platform/sql'
import { openEmbeddedPostgres } from '@passerelle/platform/sql/embedded'
import { migrate } from '@passerelle/platform/sql/migrate'
import type { Subgraph } from '@passerelle/platform/subgraph'
import type { Env } from './env.ts'
import type { Closers } from './shutdown.ts'

export type Database = {
  /** Owns the tables: for migrations only. */
  owner: SqlConnection
  /** The plain role that row security binds: for everything else. */
  app: SqlConnection
  /** The migrations that this start applied. */
  applied: string[]
}

/** Where the embedded PostgreSQL of an installation keeps everything. */
export function postgresFolder(env: Env): string {
  return join(env.dataFolder, 'postgres')
}

/** Starts the installation's PostgreSQL and brings its tables and queues to the state this version needs. */
export async function openDatabase(options: {
  env: Env
  log: Log
  closers: Closers
  subgraphs: readonly Subgraph[]
}): Promise<Database> {
  const { env, log, closers, subgraphs } = options
  const server = await openEmbeddedPostgres({ folder: postgresFolder(env), log: log.child({ name: 'postgres' }) })
  closers.add('PostgreSQL', server.stop)
  const { owner } = server
  const applied = await migrate(
    owner,
    subgraphs.map(({ migrations }) => migrations),
  )
  await migrateJobs(
    owner,
    subgraphs.flatMap(({ queues }) => queues),
  )
  return { owner, app: { ...owner, user: 'passerelle_app' }, applied }
}
