import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { listenerName } from '@passerelle/platform/sql/listen'
import { askAsOwner } from '@passerelle/platform/sql/load'
import { requireOwner } from '../database/place.ts'
import type { SqlEnv } from '../env/sql.ts'
import { Obstacle } from '../obstacle.ts'

/** Is there from the moment a restore begins to change things to its end. */
export function unfinishedFile(dataFolder: string): string {
  return join(dataFolder, 'restore-unfinished')
}

/** Throws an `Obstacle` when a restore was cut short: what is there is neither the old installation nor the new one. */
export function requireRestored(dataFolder: string): void {
  if (existsSync(unfinishedFile(dataFolder)))
    throw new Obstacle('A restore was cut short here: run it again, with --replace.')
}

/**
 * Throws an `Obstacle` while a process still uses the database as the application does: one that listens, or one in the middle of something. An idle
 * connection says nothing, it may be a pooler's.
 */
export async function requireNobody(sql: SqlEnv): Promise<void> {
  const rows = await askAsOwner<{ processes: number }>(
    requireOwner(sql),
    `select count(*)::int as processes from pg_stat_activity
     where datname = current_database() and usename = $1 and (application_name = $2 or state <> 'idle')`,
    [sql.app.user, listenerName],
  )
  const { processes = 0 } = rows[0] ?? {}
  if (processes > 0)
    throw new Obstacle(
      `Passerelle still runs on this database (${processes} connections): stop all its processes first.`,
    )
}
