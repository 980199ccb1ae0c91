import type { Consumer, Fact } from '@passerelle/platform/facts'
import type { Platform } from '@passerelle/platform/subgraph'
import { deleted, deletedType, linked, linkedType } from '../document/document.facts.ts'
import { findDue, findWithoutGraph, type Due } from './graph.store.ts'
import { loadDocumentFacts } from '../mentions/mention.store.ts'
import { clearDegraded, type Run } from '../status/status.store.ts'

export const graphConsumer = 'documents.graph'

/** How much the graph takes over at once: many small documents, or few large ones, so that nobody who wants to write waits for long. */
const mostDocuments = 50
const mostEntities = 2_000

/**
 * Writes what documents mention into the knowledge graph, as many at once as are due. Its position is the graph's own, so that a lost graph is
 * written anew.
 */
export function createGraphConsumer(platform: Platform): Consumer {
  const { graph } = platform
  return {
    name: graphConsumer,
    types: [linkedType, deletedType],
    position: {
      engine: 'graph',
      load: (organizationId) => graph.applied(organizationId, graphConsumer),
      save: (organizationId, position) => graph.setApplied(organizationId, graphConsumer, position),
    },
    handle: (fact) => apply(platform, [fact]),
    together: { most: mostDocuments, handle: (facts) => apply(platform, facts) },
  }
}

/** Facts of one organisation, in their order. What was applied before is left as it is. */
async function apply(platform: Platform, facts: readonly Fact[]): Promise<void> {
  let waiting: (Run & { version: string })[] = []
  for (const { type, organizationId, payload, position } of facts) {
    if (type === linkedType) waiting.push({ ...linked.parse(payload), version: position })
    else {
      await takeOver(platform, organizationId, waiting)
      waiting = []
      await platform.graph.forgetDocument(organizationId, deleted.parse(payload).documentId)
    }
  }
  const last = facts.at(-1)
  if (last) await takeOver(platform, last.organizationId, waiting)
}

async function takeOver(
  { sql, graph }: Platform,
  organizationId: string,
  runs: readonly (Run & { version: string })[],
): Promise<void> {
  if (runs.length === 0) return
  const due = await sql.withOrganization({ organizationId }, (tx) => findDue(tx, runs))
  for (const part of inParts(due)) {
    const facts = await sql.withOrganization({ organizationId }, (tx) => loadDocumentFacts(tx, part))
    await graph.recordDocuments(organizationId, facts)
    // Documents that became READY without the graph are whole now.
    await sql.withOrganization({ organizationId }, async (tx) => {
      for (const run of await findWithoutGraph(tx, part)) await clearDegraded(tx, run, 'LINKING')
    })
  }
}

/** One large document is a part of its own. */
function inParts(due: readonly Due[]): Due[][] {
  const parts: Due[][] = []
  let room = 0
  for (const document of due) {
    const part = parts.at(-1)
    room -= document.entities
    if (part && room >= 0) part.push(document)
    else {
      parts.push([document])
      room = mostEntities - document.entities
    }
  }
  return parts
}
