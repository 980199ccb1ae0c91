import type { Schemas } from '@qdrant/js-client-rest'
import { bestFirst, fusedDepth } from '../fusion.ts'
import { requirePage, requireVector } from '../input.ts'
import type { ScoredPoint, VectorQuery } from '../vectors.ts'
import type { QdrantCalls } from './calls.ts'
import type { QdrantCollection, Space } from './collection.ts'
import { ofShelf, toQdrantFilter, type Shelf } from './filter.ts'
import { sparseVector } from './layout.ts'
import { toSparseQuery } from './points.ts'

/** What the verbs of the port work with. */
export interface Index {
  calls: QdrantCalls
  collection: QdrantCollection
  query(name: string, request: Schemas['QueryRequest']): Promise<Schemas['ScoredPoint'][]>
}

/** Points of equal score that may have been left out of a page are let in by asking for a few more. */
const tieMargin = 64
/** Qdrant counts ranks from 0; the promise counts them from 1 and adds 60. */
const rankConstant = 61

type Side = Pick<Schemas['Prefetch'], 'query' | 'using' | 'params' | 'filter'>

/** One call whatever is asked: by terms, by vector, or by both, fused by the engine. */
export async function search(index: Index, shelf: Shelf, query: VectorQuery): Promise<ScoredPoint[]> {
  const { limit, offset } = requirePage(query)
  const found = await index.collection.read(async (name) => {
    const sides = toSides(shelf, query, await findSpaces(index, name, query))
    const [only] = sides
    if (!only) return []
    const wanted = offset + limit + tieMargin
    const request = sides.length === 1 ? { ...only, limit: wanted } : fused(sides, wanted)
    return index.query(name, { ...request, with_payload: ['id', 'document_id'] })
  })
  return found
    .map(toScoredPoint)
    .sort(bestFirst)
    .slice(offset, offset + limit)
}

/** The question in each space that there is. */
async function findSpaces(
  { collection }: Index,
  name: string,
  { dense, formerly = [] }: VectorQuery,
): Promise<{ space: Space; vector: readonly number[] }[]> {
  const asked = [...(dense ? [dense] : []), ...formerly]
  const found = await Promise.all(
    asked.map(async ({ model, vector }) => ({ space: await collection.findSpace(name, model), vector })),
  )
  return found.flatMap(({ space, vector }) => (space ? [{ space, vector }] : []))
}

function toSides(
  shelf: Shelf,
  { sparse, filter: asked }: VectorQuery,
  spaces: readonly { space: Space; vector: readonly number[] }[],
): Side[] {
  const filter = toQdrantFilter(shelf, asked)
  const sides: Side[] = []
  for (const { space, vector } of spaces) {
    requireVector(vector, space.dimensions)
    if (filter) sides.push({ query: [...vector], using: space.vector, filter })
  }
  // How rare a term is, is a matter of the organisation's own points, whatever is asked of which of them.
  if (sparse && sparse.length > 0 && filter)
    sides.push({
      query: toSparseQuery(sparse),
      using: sparseVector,
      filter,
      params: { idf: { corpus: ofShelf(shelf) } },
    })
  return sides
}

function fused(sides: readonly Side[], limit: number): Schemas['QueryRequest'] {
  return {
    prefetch: sides.map((side) => ({ ...side, limit: fusedDepth })),
    query: { rrf: { k: rankConstant } },
    limit: Math.min(limit, sides.length * fusedDepth),
  }
}

function toScoredPoint({ payload, score }: Schemas['ScoredPoint']): ScoredPoint {
  return { id: String(payload?.id), documentId: String(payload?.document_id), score }
}
