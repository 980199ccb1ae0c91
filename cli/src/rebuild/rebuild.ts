import { audit } from '@passerelle/platform/audit'
import { openJobs, type Jobs } from '@passerelle/platform/jobs'
import type { Log } from '@passerelle/platform/log'
import { rebuildQueue, swapQueue, type Rebuild } from '@passerelle/platform/rebuild'
import { openSql, type Sql } from '@passerelle/platform/sql'
import { hasEmbedded, withEmbedded } from '../database/owner.ts'
import type { Env } from '../env/env.ts'
import { Obstacle } from '../obstacle.ts'

const ASKED = {
  graph: { what: 'graph' },
  vectors: { what: 'vectors', of: 'all', beside: true },
} satisfies Record<string, Rebuild>

/**
 * Asks for the graph, or the search index, of every organisation to be made again from PostgreSQL: by the processes that work on it now, or the next ones that start. Answers at
 * once; the work is a job of each organisation. Throws an `Obstacle` for anything else.
 */
export async function askForRebuild(env: Env, log: Log, name: string): Promise<void> {
  const asked = new Map<string, Rebuild>(Object.entries(ASKED)).get(name)
  if (!asked) throw new Obstacle(`“${name}” cannot be made again: say graph or vectors.`)
  if (env.sql) return print(name, await ask(env.sql, log, asked))
  if (!hasEmbedded(env)) throw new Obstacle(`There is nothing in ${env.dataFolder} yet.`)
  await withEmbedded(env, log, async (owner) => {
    const app = { ...owner, user: 'passerelle_app' }
    print(name, await ask({ app, listen: app }, log, asked))
  })
}

async function ask(
  { app, listen }: Pick<NonNullable<Env['sql']>, 'app' | 'listen'>,
  log: Log,
  rebuild: Rebuild,
): Promise<number> {
  const sql = openSql(app, { listen, max: 2 })
  try {
    const jobs = await openJobs({ connection: app, sql, log })
    return await enqueue(sql, jobs, rebuild).finally(() => jobs.close())
  } finally {
    await sql.close()
  }
}

async function enqueue(sql: Sql, jobs: Jobs, rebuild: Rebuild): Promise<number> {
  const organizations = await sql.query<{ id: string }>('select organization_id as id from platform.fact_heads()')
  for (const [index, { id }] of organizations.entries())
    await sql.withOrganization({ organizationId: id }, async (tx) => {
      await jobs.enqueue(tx, rebuildQueue, rebuild, { key: rebuild.what })
      // The last of them, so that it finds all others asked for.
      if (rebuild.what === 'vectors' && index === organizations.length - 1)
        await jobs.enqueue(tx, swapQueue, { what: 'vectors' }, { key: rebuild.what })
      audit(tx, { action: 'rebuild.requested', detail: { what: rebuild.what } })
    })
  return organizations.length
}

function print(name: string, organizations: number): void {
  console.log(
    `Asked for the ${name} of ${organizations} ${organizations === 1 ? 'organisation' : 'organisations'} to be made again: while the installation serves, or from its next start on. Until then answers may be incomplete.`,
  )
}
