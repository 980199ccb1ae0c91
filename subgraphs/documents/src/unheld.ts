import type { Platform } from '@passerelle/platform/subgraph'
import { findByHash, lockHash } from './upload.store.ts'

/**
 * Removes bytes that no document of the organisation holds. It is the one place where a file is touched inside a transaction: the lock is
 * what keeps somebody from claiming the bytes between the look and the removal.
 */
export async function removeUnheld({ sql, blobs }: Platform, organizationId: string, hash: string): Promise<void> {
  await sql.withOrganization({ organizationId }, async (tx) => {
    await lockHash(tx, hash)
    if (!(await findByHash(tx, hash))) await blobs.remove(organizationId, hash)
  })
}
