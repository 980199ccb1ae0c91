import type { Log } from '@passerelle/platform/log'
import { migrateDatabase } from './database/database.ts'
import type { Env } from './env/env.ts'
import { createClosers } from './shutdown.ts'

/** Brings the database to the state this version needs, says what it did, and stops what it started. */
export async function migrateInstallation(env: Env, log: Log): Promise<void> {
  const closers = createClosers(log)
  try {
    const applied = await migrateDatabase({ env, log, closers })
    console.log(
      applied.length > 0 ? `Applied:\n${applied.map((name) => `  ${name}`).join('\n')}` : 'The database is up to date.',
    )
  } finally {
    await closers.closeAll()
  }
}
