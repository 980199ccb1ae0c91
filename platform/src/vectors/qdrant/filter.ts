import type { Schemas } from '@qdrant/js-client-rest'
import type { VectorFilter } from '../vectors.ts'

/** One collection of one organisation; every call of ours is about one. */
export interface Shelf {
  organizationId: string
  collection: string
}

type Condition = Schemas['FieldCondition']

/** Points of this shelf, and no others: the wall that every filter begins with. */
export function ofShelf({ organizationId, collection }: Shelf): { must: Condition[] } {
  return { must: [isOneOf('organization_id', [organizationId]), isOneOf('collection', [collection])] }
}

/** Those of one document. */
export function ofDocument(shelf: Shelf, documentId: string): { must: Condition[] } {
  return { must: [...ofShelf(shelf).must, isOneOf('document_id', [documentId])] }
}

/** Points of this shelf that a caller's filter matches; null when nothing can match. */
export function toQdrantFilter(shelf: Shelf, filter: VectorFilter = {}): { must: Condition[] } | null {
  const { documentIds, contentTypes, kinds, createdAfter, createdBefore } = filter
  if ([documentIds, contentTypes, kinds].some((list) => list?.length === 0)) return null
  const { must } = ofShelf(shelf)
  if (documentIds) must.push(isOneOf('document_id', documentIds))
  if (contentTypes) must.push(isOneOf('content_type', contentTypes))
  if (kinds) must.push(isOneOf('kind', kinds))
  if (createdAfter) must.push({ key: 'created_at', range: { gte: createdAfter.getTime() } })
  if (createdBefore) must.push({ key: 'created_at', range: { lt: createdBefore.getTime() } })
  return { must }
}

function isOneOf(key: string, values: readonly string[]): Condition {
  const [only] = values
  return { key, match: values.length === 1 && only !== undefined ? { value: only } : { any: [...values] } }
}
