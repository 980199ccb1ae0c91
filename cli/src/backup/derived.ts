import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { openNeo4j } from '@passerelle/platform/graph/neo4j'
import type { Log } from '@passerelle/platform/log'
import type { SqlConnection } from '@passerelle/platform/sql'
import { askAsOwner } from '@passerelle/platform/sql/load'
import type { Env } from '../env/env.ts'
import type { Backup } from './check.ts'
import { putIndex } from './index-file.ts'
import { readLines } from './pieces.ts'

/**
 * Empties what is made from the rows, because it says what the rows of another time say: the graph would keep the position of a log that is gone, and the search
 * index points of documents that are. Nothing may run. A search index that the backup has takes the place of the present one.
 */
export async function emptyDerived(
  env: Env,
  log: Log,
  { owner, backup }: { owner: SqlConnection; backup: Backup },
): Promise<{ indexIsThere: boolean }> {
  if (env.graph) await emptyNeo4j(env.graph, log, [...(await listFormer(owner)), ...(await listRestored(backup))])
  else await rm(join(env.dataFolder, 'graph'), { recursive: true, force: true })
  if (env.vectors) return { indexIsThere: await putIndex(env.vectors, log, backup) }
  await rm(join(env.dataFolder, 'vectors'), { recursive: true, force: true })
  return { indexIsThere: false }
}

async function emptyNeo4j(target: NonNullable<Env['graph']>, log: Log, organizations: string[]): Promise<void> {
  const graph = openNeo4j({ ...target, log })
  try {
    for (const organizationId of new Set(organizations)) await graph.forgetAll(organizationId)
  } finally {
    await graph.close()
  }
}

async function listFormer(owner: SqlConnection): Promise<string[]> {
  const tables = await askAsOwner(
    owner,
    `select from pg_tables where schemaname = 'platform' and tablename = 'fact_head'`,
  )
  if (tables.length === 0) return []
  const rows = await askAsOwner<{ id: string }>(owner, 'select organization_id as id from platform.fact_head')
  return rows.map(({ id }) => id)
}

/** Whose facts the backup has. */
export async function listRestored({ folder, tables }: Pick<Backup, 'folder' | 'tables'>): Promise<string[]> {
  const heads = tables.find(({ name }) => name === 'platform.fact_head')
  const column = heads?.columns.indexOf('organization_id') ?? -1
  if (!heads || column < 0) return []
  const ids: string[] = []
  for await (const line of readLines(folder, heads)) ids.push(line.split('\t')[column] ?? '')
  return ids
}
