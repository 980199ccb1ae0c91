import type { Consumer } from '@passerelle/platform/facts'
import type { Platform } from '@passerelle/platform/subgraph'
import { deleted, deletedType, linked, linkedType } from './document.facts.ts'
import { findDocument } from './document.store.ts'
import { loadDocumentFacts } from './mention.store.ts'
import { clearDegraded } from './status.store.ts'

export const graphConsumer = 'documents.graph'

/** Writes what documents mention into the knowledge graph. Its position is the graph's own, so that a lost graph is written anew. */
export function createGraphConsumer({ sql, graph }: Platform): Consumer {
  return {
    name: graphConsumer,
    types: [linkedType, deletedType],
    position: {
      engine: 'graph',
      load: (organizationId) => graph.applied(organizationId, graphConsumer),
      save: (organizationId, position) => graph.setApplied(organizationId, graphConsumer, position),
    },
    async handle({ type, organizationId, payload, position }) {
      if (type === deletedType) return graph.forgetDocument(organizationId, deleted.parse(payload).documentId)
      const { documentId, run } = linked.parse(payload)
      const facts = await sql.withOrganization({ organizationId }, async (tx) => {
        const document = await findDocument(tx, documentId)
        return document?.run === run ? loadDocumentFacts(tx, { documentId, at: document.createdAt }, position) : null
      })
      if (!facts) return
      await graph.recordDocument(organizationId, facts)
      // A document that became READY without the graph is whole now.
      await sql.withOrganization({ organizationId }, (tx) => clearDegraded(tx, { documentId, run }, 'LINKING'))
    },
  }
}
