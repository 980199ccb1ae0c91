import DataLoader from 'dataloader'
import type { Viewer } from '../schema/viewer.ts'
import type { Sql, Tx } from '../sql/sql.ts'

export type RecordLoader<Noun> = DataLoader<string, Noun | null>

/** True for an id that `newId(prefix)` may have made. Anything else is not found without asking the database. */
export function isRecordId(prefix: string, id: string): boolean {
  return id.startsWith(`${prefix}_`) && /^[0-9a-f]{32}$/.test(id.slice(prefix.length + 1))
}

/** Loads the records of one request in one query, as its viewer sees them; null for the rest. Without a viewer there is nothing to see. */
export function createRecordLoader<Noun extends { id: string }>(
  { sql, viewer, prefix }: { sql: Sql; viewer: Viewer | null; prefix: string },
  load: (tx: Tx, ids: readonly string[]) => Promise<Noun[]>,
): RecordLoader<Noun> {
  return createSealedLoader({ viewer, prefix }, (who, ids) => sql.withOrganization(who, (tx) => load(tx, ids)))
}

/** The same for records whose keys have to be had before the query. */
export function createSealedLoader<Noun extends { id: string }>(
  { viewer, prefix }: { viewer: Viewer | null; prefix: string },
  load: (viewer: Viewer, ids: readonly string[]) => Promise<Noun[]>,
): RecordLoader<Noun> {
  return new DataLoader(async (ids) => {
    const wanted = ids.filter((id) => isRecordId(prefix, id))
    const found = viewer && wanted.length > 0 ? await load(viewer, wanted) : []
    const byId = new Map(found.map((noun) => [noun.id, noun]))
    return ids.map((id) => byId.get(id) ?? null)
  })
}
