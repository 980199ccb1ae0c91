import type { Consumer } from '@passerelle/platform/facts'
import type { Platform } from '@passerelle/platform/subgraph'
import { deleted, deletedType } from './document.facts.ts'
import { chunkCollection } from './ingestion/indexing.ts'
import { findByHash } from './upload.store.ts'

export const cleanupConsumer = 'documents.cleanup'

/** Takes a deleted document out of the search index and removes its bytes, unless the same bytes have come again meanwhile. */
export function createCleanupConsumer({ sql, vectors, blobs }: Platform): Consumer {
  return {
    name: cleanupConsumer,
    types: [deletedType],
    async handle({ organizationId, payload }) {
      const { documentId, hash } = deleted.parse(payload)
      await vectors.removeDocument(organizationId, chunkCollection, documentId)
      if (!hash) return
      const kept = await sql.withOrganization({ organizationId }, (tx) => findByHash(tx, hash))
      if (!kept) await blobs.remove(organizationId, hash)
    },
  }
}
