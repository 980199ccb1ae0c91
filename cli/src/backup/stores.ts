import type { SqlConnection } from '@passerelle/platform/sql'
import { askAsOwner } from '@passerelle/platform/sql/load'
import { migrationSets, subgraphs } from '../subgraphs.ts'
import type { BlobName } from './manifest.ts'

/** The schemas whose rows are carried: the platform's and the rooms'. Those of the jobs are another library's. */
export const schemas: readonly string[] = ['platform', ...migrationSets.map(({ name }) => name)]

/** Every blob that a row holds, as organization_id and hash. */
export const heldBlobs = subgraphs.flatMap(({ heldBlobs: query }) => query ?? []).join(' union ')

/** Every blob that a row names: those, and what lies beside them for a while, which no backup has. */
export const namedBlobs = [heldBlobs, ...subgraphs.flatMap(({ passingBlobs: query }) => query ?? [])].join(' union ')

/** The list of erasures, as a backup has it. */
export const keptErasures = 'erasures.jsonl'

/** Those of the blobs that rows name now. */
export function findHeld(owner: SqlConnection, names: readonly BlobName[]): Promise<BlobName[]> {
  if (names.length === 0) return Promise.resolve([])
  return askAsOwner<BlobName>(
    owner,
    `select organization_id as "organizationId", hash from (${namedBlobs}) as held (organization_id, hash)
     where (organization_id, hash) in (select * from unnest($1::text[], $2::text[]))`,
    [names.map(({ organizationId }) => organizationId), names.map(({ hash }) => hash)],
  )
}
