import { createHash } from 'node:crypto'
import type { Schemas } from '@qdrant/js-client-rest'
import { toTerm, toTerms } from '../postings.ts'
import type { Point } from '../vectors.ts'
import type { Shelf } from './filter.ts'
import { sparseVector } from './layout.ts'

/**
 * BM25 weighs a term by how long its text is beside the mean. The weight is stored with the point, so the mean has to be one that does not move with every
 * write: what the pieces of business papers have, 50 to 200 terms each.
 */
export const meanLength = 120
const k1 = 1.2
const b = 0.75

/** A point as Qdrant keeps it, its vector under the given name; `written` tells which of two came first. Refuses terms that make no sense with InvalidInput. */
export function toQdrantPoint(
  { organizationId, collection }: Shelf,
  point: Point & { written: number },
  vector: string | null,
): Schemas['PointStruct'] {
  const { id, documentId, dense, contentType, kind, createdAt, written } = point
  const sparse = weigh(point.terms)
  return {
    id: pointId({ organizationId, collection }, id),
    vector: {
      ...(sparse.indices.length > 0 ? { [sparseVector]: sparse } : {}),
      ...(vector && dense ? { [vector]: [...dense.vector] } : {}),
    },
    payload: {
      organization_id: organizationId,
      collection,
      id,
      document_id: documentId,
      content_type: contentType,
      kind,
      created_at: createdAt.getTime(),
      written,
    },
  }
}

/** So many terms of a question are asked. The engine does not tell how rare each is; long ones are rarer than short ones. */
const mostTerms = 32

/** The terms of a question; one that is repeated counts again. The engine multiplies each with how rare it is in the organisation. */
export function toSparseQuery(terms: readonly string[]): Schemas['SparseVector'] {
  const asked = new Map<string, number>()
  for (const term of terms.map(toTerm)) asked.set(term, (asked.get(term) ?? 0) + 1)
  return toSparseVector(new Map([...asked].toSorted(([a], [b]) => b.length - a.length).slice(0, mostTerms)))
}

function weigh(given: ReadonlyMap<string, number>): Schemas['SparseVector'] {
  const { terms, length } = toTerms(given)
  const shortness = k1 * (1 - b + (b * length) / meanLength)
  return toSparseVector(new Map([...terms].map(([term, times]) => [term, (times * (k1 + 1)) / (times + shortness)])))
}

/** Two terms of one number, which are rare among four thousand million, count as one. */
function toSparseVector(weights: ReadonlyMap<string, number>): Schemas['SparseVector'] {
  const byNumber = new Map<number, number>()
  for (const [term, weight] of weights) {
    const number = numberOf(term)
    byNumber.set(number, (byNumber.get(number) ?? 0) + weight)
  }
  return { indices: [...byNumber.keys()], values: [...byNumber.values()] }
}

/** 32 bits that stand for a term, the same in every process: FNV-1a, its bits then mixed, as neighbouring words must lie far apart. */
function numberOf(term: string): number {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(term)) hash = Math.imul(hash ^ byte, 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** Ids of points are UUIDs there. Organisation and collection are in it, so that no write ever meets another's point. */
export function pointId({ organizationId, collection }: Shelf, id: string): string {
  const hex = createHash('sha256')
    .update(JSON.stringify([organizationId, collection, id]))
    .digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** Numbers for `written`: microseconds, each larger than the one before. */
export function createClock(): () => number {
  let last = 0
  return () => (last = Math.max(last + 1, Date.now() * 1_000))
}
