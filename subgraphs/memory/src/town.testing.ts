import type { DocumentFacts, EntityFacts, EntityType, Graph } from '@passerelle/platform/graph'
import { entityId } from '@passerelle/platform/identifiers'
import { newId } from '@passerelle/platform/ids'
import type { Viewer } from '@passerelle/platform/schema'

/** An entity that documents know by its name. */
export function named({ organizationId }: Viewer, type: EntityType, name: string): EntityFacts {
  const key = name.toLowerCase()
  return { id: entityId({ organizationId, type, kind: null, key }), type, kind: null, key, name }
}

/** Writes a document that mentions these entities, the first the most; it came in mid-January 2026 unless told. Answers its id. */
export async function writeDocument(
  graph: Graph,
  { organizationId }: Viewer,
  entities: readonly EntityFacts[],
  facts: Partial<DocumentFacts> = {},
): Promise<string> {
  const documentId = newId('doc')
  const mentions = entities.map((entity, index) => ({
    ...entity,
    relation: 'MENTIONS' as const,
    count: 10 - index,
    confidence: 0.9,
    extractor: 'rules',
    page: 1,
    chunk: 0,
    boxes: [{ page: 1, box: { x: 0.1, y: 0.1 * index, width: 0.2, height: 0.02 } }],
    pages: [1],
    chunks: [0],
  }))
  await graph.recordDocument(organizationId, {
    documentId,
    version: '1',
    at: new Date('2026-01-15T12:00:00Z'),
    mentions,
    relations: [],
    ...facts,
  })
  return documentId
}

/** Two documents with a place in common: from the first's company to the second's number it is two steps. */
export async function writeTown(graph: Graph, viewer: Viewer) {
  const company = named(viewer, 'ORGANIZATION', 'Étoile Transports')
  const place = named(viewer, 'PLACE', 'Marseille')
  const key = '6A12345678901'
  const kind = 'TRACKING_NUMBER'
  const id = entityId({ organizationId: viewer.organizationId, type: 'IDENTIFIER', kind, key })
  const number: EntityFacts = { id, type: 'IDENTIFIER', kind, key, name: key }
  const first = await writeDocument(graph, viewer, [company, place])
  await writeDocument(graph, viewer, [place, number])
  return { company, place, number, first }
}
