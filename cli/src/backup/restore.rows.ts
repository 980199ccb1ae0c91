import type pg from 'pg'
import { carryJobs } from '@passerelle/platform/jobs/carry'
import { migrateJobs } from '@passerelle/platform/jobs/install'
import { rebuildQueue, swapQueue, type Rebuild } from '@passerelle/platform/rebuild'
import type { SqlConnection } from '@passerelle/platform/sql'
import { dropSchemas, loadRows } from '@passerelle/platform/sql/load'
import { migrate } from '@passerelle/platform/sql/migrate'
import { bringUp } from '../database/database.ts'
import { migrationSets, queues } from '../subgraphs.ts'
import type { Backup } from './check.ts'
import { listRestored } from './derived.ts'
import { openPiece, readLines } from './pieces.ts'
import { schemas } from './stores.ts'

interface Wanted {
  backup: Backup
  /** Of what the search index has to be filled again, and whether one that serves is there meanwhile. */
  wantsVectors: { of: 'all' | 'dense'; beside: boolean }
}

/**
 * Makes the tables as the backup's version had them, fills them in one transaction with the jobs, and brings them to this version. Throws when it
 * filled in another number of rows than were saved, and has changed nothing but the schema then.
 */
export async function restoreRows(
  owner: SqlConnection,
  { backup, wantsVectors }: Wanted,
): Promise<{ rows: number; jobs: number }> {
  const { folder, tables, sequences, migrations } = backup
  await dropSchemas(owner, [...schemas, 'jobs'])
  await migrate(owner, migrationSets, { only: new Set(migrations.map(({ name }) => name)) })
  await migrateJobs(owner, queues)
  let [rows, jobs] = [0, 0]
  await loadRows(owner, {
    schemas,
    sequences,
    read({ name }) {
      const saved = tables.find((table) => table.name === name)
      return saved ? { columns: saved.columns, rows: openPiece(folder, saved) } : null
    },
    async finish(client, loaded) {
      requireCounts(backup, loaded)
      rows = [...loaded.values()].reduce((sum, count) => sum + count, 0)
      jobs = await putJobs({ owner, client }, { backup, wantsVectors })
    },
  })
  await bringUp(owner)
  return { rows, jobs }
}

function requireCounts({ tables }: Backup, loaded: ReadonlyMap<string, number>): void {
  const wrong = tables.filter(({ name, lines }) => loaded.get(name) !== lines)
  if (wrong.length === 0) return
  const said = wrong.map(({ name, lines }) => `${name} (${loaded.get(name) ?? 0} of ${lines})`)
  throw new Error(`Not all rows could be restored: ${said.join(', ')}.`)
}

/** The jobs that were not done, and those that make the vectors again; answers how many of the former. */
async function putJobs(
  { owner, client }: { owner: SqlConnection; client: pg.ClientBase },
  { backup, wantsVectors }: Wanted,
): Promise<number> {
  const rebuilds = (await listRestored(backup)).map((organizationId) => {
    const data: Rebuild = { what: 'vectors', ...wantsVectors }
    return { queue: rebuildQueue.name, data: { organizationId, data }, priority: 0, key: `${organizationId}:vectors` }
  })
  const carried = await carryJobs(owner, client, readJobs(backup))
  const [first] = wantsVectors.beside ? rebuilds : []
  const swap = first && { ...first, queue: swapQueue.name, data: { ...first.data, data: { what: 'vectors' } } }
  await carryJobs(owner, client, swap ? [...rebuilds, swap] : rebuilds)
  return carried
}

async function* readJobs({ folder, jobs }: Backup): AsyncGenerator<unknown> {
  // COPY doubles the backslashes of JSON; nothing else in JSON is of meaning to it.
  for await (const line of readLines(folder, jobs)) yield JSON.parse(line.replaceAll('\\\\', '\\'))
}
