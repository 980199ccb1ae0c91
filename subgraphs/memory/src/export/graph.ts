import type { Graph, GraphDocument, GraphEntity, MentionRow, RelationRow } from '@passerelle/platform/graph'
import type { ExportEdge, ExportGraph, ExportNode } from './items.ts'

const pageSize = 2_000
/** Mentions that are read at once; a book has thousands. */
const mentionsAtOnce = 20_000
const mostAround = 500

/** Everything the organisation's graph holds. What is written while it is read may be in it or not. */
export function wholeGraph(graph: Graph, organizationId: string): ExportGraph {
  const entities = () => pages((after) => graph.listEntities(organizationId, { after, limit: pageSize }))
  const documents = () => pages((after) => graph.listDocuments(organizationId, { after, limit: pageSize }))
  return {
    organizationId,
    async *nodes() {
      for await (const page of entities()) yield page.map(toEntityNode)
      for await (const page of documents()) yield page.map(toDocumentNode)
    },
    async *edges() {
      for await (const page of documents())
        for (const ids of inPortions(page)) yield (await graph.listMentions(organizationId, ids)).map(toMentionEdge)
      for await (const page of entities()) {
        const ids = page.map(({ id }) => id)
        yield (await graph.listRelations(organizationId, ids)).map(toRelationEdge)
      }
    },
  }
}

/**
 * An entity, what is around it within `depth` steps (the nearest and strongest 500), the relations stated among them, and RELATED_TO between those
 * that documents name together.
 */
export async function neighbourhoodOf(
  graph: Graph,
  organizationId: string,
  { id, depth }: { id: string; depth: number },
): Promise<ExportGraph> {
  const entities = await graph.loadEntities(organizationId, [id])
  const { neighbours, relations } = await graph.neighbours(organizationId, { id, depth, limit: mostAround })
  const all = [...entities, ...neighbours.map(({ entity }) => entity)]
  const ids = new Set(all.map((entity) => entity.id))
  const stated = await graph.listRelations(organizationId, [...ids])
  const together = relations.filter(({ type }) => type === 'RELATED_TO')
  return {
    organizationId,
    async *nodes() {
      yield all.map(toEntityNode)
    },
    async *edges() {
      yield stated.filter(({ from, to }) => ids.has(from) && ids.has(to)).map(toRelationEdge)
      yield together.map(({ from, to, type, weight }) => ({
        from,
        to,
        label: 'RELATED',
        type,
        properties: { source: 'documents', count: weight },
      }))
    },
  }
}

async function* pages<Row extends { id: string }>(
  next: (after: string | null) => Promise<Row[]>,
): AsyncIterable<Row[]> {
  let after: string | null = null
  for (;;) {
    const page: Row[] = await next(after)
    if (page.length > 0) yield page
    if (page.length < pageSize) return
    after = page.at(-1)?.id ?? null
  }
}

/** Documents in groups that together have not too many mentions. */
function inPortions(documents: readonly GraphDocument[]): string[][] {
  const portions: string[][] = []
  let room = 0
  for (const { id, mentions } of documents) {
    const last = portions.at(-1)
    room -= mentions
    if (last && room >= 0) last.push(id)
    else {
      portions.push([id])
      room = mentionsAtOnce - mentions
    }
  }
  return portions
}

function toEntityNode({ id, ...properties }: GraphEntity): ExportNode {
  return { id, label: 'Entity', properties: { ...properties } }
}

function toDocumentNode({ id, at, mentions }: GraphDocument): ExportNode {
  return { id, label: 'Document', properties: { at: at.toISOString(), mentions } }
}

function toMentionEdge({ documentId, entityId, relation, count, page, confidence, extractor }: MentionRow): ExportEdge {
  const properties = { count, page, confidence, extractor }
  return { from: documentId, to: entityId, label: 'MENTIONS', type: relation, properties }
}

function toRelationEdge({ from, to, type, source, at, page, confidence, extractor }: RelationRow): ExportEdge {
  const properties = { source, at: at.toISOString(), page, confidence, extractor }
  return { from, to, label: 'RELATED', type, properties }
}
