import type { Consumer } from '@passerelle/platform/facts'
import type { Platform } from '@passerelle/platform/subgraph'
import { deleted, deletedType } from './document.facts.ts'
import { chunkCollection } from '../ingestion/indexing.ts'
import { removeUnheld } from './document-bytes.ts'

export const cleanupConsumer = 'documents.cleanup'

/** Takes a deleted document out of the search index and removes its bytes, unless the same bytes have come again meanwhile. */
export function createCleanupConsumer(platform: Platform): Consumer {
  return {
    name: cleanupConsumer,
    types: [deletedType],
    async handle({ organizationId, payload }) {
      const { documentId, hash } = deleted.parse(payload)
      await platform.vectors.removeDocument(organizationId, chunkCollection, documentId)
      if (hash) await removeUnheld(platform, organizationId, hash)
    },
  }
}
