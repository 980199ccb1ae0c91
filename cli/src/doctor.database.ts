import type { Log } from '@passerelle/platform/log'
import type { SqlConnection } from '@passerelle/platform/sql'
import { findUnfitness } from '@passerelle/platform/sql/roles'
import { readSchemaState } from '@passerelle/platform/sql/schema-state'
import { hasEmbedded, withEmbedded } from './database.owner.ts'
import type { Env } from './env.ts'
import type { SqlEnv } from './env.sql.ts'
import { migrationSets } from './subgraphs.ts'

/** How the database is, in a line; throws what is wrong with it, and how to mend that. */
export async function describeDatabase(env: Env, log: Log): Promise<string> {
  if (env.sql) return describeServer(env.sql)
  return hasEmbedded(env) ? withEmbedded(env, log, describeSchema) : 'not made yet; the first start makes it'
}

async function describeServer({ app, listen }: SqlEnv): Promise<string> {
  const unfit = await reach('SQL_URL', app, () => findUnfitness(app))
  if (unfit) throw new Error(`SQL_URL ${unfit}: give the plain role that passerelle migrate makes`)
  const state = await reach('SQL_LISTEN_URL', listen, () => describeSchema(listen))
  return `${state}, at ${place(app)}${place(app) === place(listen) ? '' : `, heard at ${place(listen)}`}`
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
  if (missing.length > 0) throw new Error(`waits for ${missing.join(', ')}: run passerelle migrate`)
  return `PostgreSQL ${version} answers, ${applied} migrations applied`
}
