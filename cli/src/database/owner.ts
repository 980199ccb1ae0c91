import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Log } from '@passerelle/platform/log'
import { openSql, type Sql, type SqlConnection } from '@passerelle/platform/sql'
import { connectionOf, openEmbeddedPostgres } from '@passerelle/platform/sql/embedded'
import { requireRestored } from '../backup/restore.walls.ts'
import { findHolder, takeDataFolder } from '../data-folder.ts'
import { postgresFolder, requireOwner } from './place.ts'
import type { Env } from '../env/env.ts'
import { Obstacle } from '../obstacle.ts'

/** Whether the embedded PostgreSQL of this installation has been made. */
export function hasEmbedded(env: Env): boolean {
  return existsSync(join(postgresFolder(env), 'data'))
}

/**
 * Runs `work` as the owner of the embedded PostgreSQL, that of the process which has the data folder when there is one. Otherwise the folder is taken and the
 * server runs for as long as the work does. An `Obstacle` where a restore was cut short.
 */
export async function withEmbedded<T>(env: Env, log: Log, work: (owner: SqlConnection) => Promise<T>): Promise<T> {
  requireRestored(env.dataFolder)
  const folder = postgresFolder(env)
  if (hasEmbedded(env) && findHolder(env.dataFolder)) return work(await connectionOf(folder))
  return withTaken(env, log, work)
}

/** The same for this process alone: one that runs on the data folder is an `Obstacle`. */
export async function withTaken<T>(env: Env, log: Log, work: (owner: SqlConnection) => Promise<T>): Promise<T> {
  const taken = await takeDataFolder(env.dataFolder)
  try {
    const server = await openEmbeddedPostgres({ folder: postgresFolder(env), log })
    try {
      return await work(server.owner)
    } finally {
      await server.stop()
    }
  } finally {
    taken.release()
  }
}

/** Runs `work` as the owner of this installation's PostgreSQL, beside whatever runs on it. Throws an `Obstacle` where a restore was cut short. */
export async function withOwner<T>(env: Env, log: Log, work: (owner: SqlConnection) => Promise<T>): Promise<T> {
  requireRestored(env.dataFolder)
  return env.sql ? work(requireOwner(env.sql)) : withEmbedded(env, log, work)
}

/**
 * Runs `work` as the plain role on this installation's PostgreSQL, beside whatever runs on it, with a connection of its own or two. Throws an `Obstacle` where
 * nothing has been made yet, or a restore was cut short.
 */
export async function withApp(
  env: Env,
  log: Log,
  work: (tools: { sql: Sql; app: SqlConnection }) => Promise<void>,
): Promise<void> {
  const open = async (app: SqlConnection): Promise<void> => {
    const sql = openSql(app, { max: 2 })
    try {
      await work({ sql, app })
    } finally {
      await sql.close()
    }
  }
  requireRestored(env.dataFolder)
  if (env.sql) return open(env.sql.app)
  if (!hasEmbedded(env)) throw new Obstacle(`There is nothing in ${env.dataFolder} yet.`)
  await withEmbedded(env, log, (owner) => open({ ...owner, user: 'passerelle_app' }))
}
