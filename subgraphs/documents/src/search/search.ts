import { analyseQuery, bestMatch, excerpts } from '@passerelle/platform/text'
import {
  cursorOf,
  cursorParts,
  EngineUnavailable,
  InvalidInput,
  type Page,
  type PageRequest,
  QuotaExceeded,
  requireAfter,
  type Viewer,
} from '@passerelle/platform/schema'
import type { EmbeddingRequest } from '@passerelle/platform/models'
import type { Platform } from '@passerelle/platform/subgraph'
import type { DenseQuery, ScoredPoint, VectorFilter } from '@passerelle/platform/vectors'
import { z } from 'zod'
import { loadChunks, type Chunk } from './chunk.store.ts'
import { findFiltered, requireDocumentFilter, type DocumentFilter } from '../document/document-filter.ts'
import { toLanguage } from './language.ts'
import { loadMoments } from './moment.ts'
import { loadDocuments } from '../document/document.store.ts'
import { listOtherSpaces } from '../ingestion/catch-up.store.ts'
import { chunkCollection } from '../ingestion/indexing.ts'

export type SearchMode = 'HYBRID' | 'DENSE' | 'SPARSE'

export interface SearchHit {
  chunk: Chunk
  score: number
  /** Its place in the whole ranking, from 1. */
  rank: number
  highlights: string[]
  /** When what matched is said, in milliseconds of the recording; null for what is printed. */
  startMs: number | null
}

export interface SearchResult extends Omit<Page<SearchHit>, 'total'> {
  mode: SearchMode
  endCursor: string | null
}

/** What the index knows of documents, and what our own rows do. */
export interface SearchFilter extends VectorFilter, DocumentFilter {}

export interface SearchRequest {
  query: string
  mode: SearchMode
  filter: SearchFilter
  page: PageRequest
  signal: AbortSignal
}

const longestQuery = 2_000

/**
 * Ranks the organisation's passages. HYBRID answers as SPARSE when no embedding model does, and says so in `mode`; DENSE throws
 * EngineUnavailable then. Passages of documents deleted meanwhile are left out.
 */
export async function search(platform: Platform, viewer: Viewer, request: SearchRequest): Promise<SearchResult> {
  const { query, mode, filter, page, signal } = request
  if (query.length > longestQuery) throw new InvalidInput(`A search has at most ${longestQuery} characters.`, ['query'])
  requireDocumentFilter(filter, ['filter'])
  const [offset] = requireAfter(z.tuple([cursorParts.offset]), page) ?? [0]
  const sparse = mode === 'DENSE' ? [] : analyseQuery(query)
  const dense =
    mode === 'SPARSE' || query.trim() === ''
      ? null
      : await embedQuery(platform, viewer, { query, signal, required: mode === 'DENSE' })
  const answered: SearchMode = dense ? mode : 'SPARSE'
  if (sparse.length === 0 && !dense) return toResult([], { answered, offset, looked: 0, more: false })
  const points = await platform.vectors.search(viewer.organizationId, chunkCollection, {
    filter: await toVectorFilter(platform, viewer, filter),
    limit: page.first + 1,
    offset,
    ...(sparse.length > 0 && { sparse }),
    ...(dense && { dense, formerly: await embedFormerly(platform, viewer, { query, signal, model: dense.model }) }),
  })
  const shown = points.slice(0, page.first).map((point, index) => ({ ...point, rank: offset + index + 1 }))
  const hits = await toHits({ platform, viewer, terms: sparse }, shown)
  return toResult(hits, { answered, offset, looked: shown.length, more: points.length > page.first })
}

/** What only our rows know becomes a set of documents, so that the index itself leaves out all others: its pages are whole, its ranking exact. */
async function toVectorFilter(
  { sql }: Platform,
  viewer: Viewer,
  { collectionIds, entityIds, ...filter }: SearchFilter,
): Promise<VectorFilter> {
  if (!collectionIds && !entityIds) return filter
  const narrowed = { collectionIds, entityIds, documentIds: filter.documentIds }
  return { ...filter, documentIds: await sql.withOrganization(viewer, (tx) => findFiltered(tx, narrowed)) }
}

/** The passages behind the points that are still there, with the words that match. */
async function toHits(
  { platform, viewer, terms }: { platform: Platform; viewer: Viewer; terms: readonly string[] },
  points: readonly (ScoredPoint & { rank: number })[],
): Promise<SearchHit[]> {
  const ids = points.map((point) => point.id)
  const documentIds = [...new Set(points.map((point) => point.documentId))]
  const [chunks, documents, moments] = await platform.sql.withOrganization(viewer, async (tx) => {
    const found = await loadChunks(tx, ids)
    return [found, await loadDocuments(tx, documentIds), await loadMoments(tx, [...found.values()])] as const
  })
  return points.flatMap(({ id, documentId, score, rank }) => {
    const chunk = chunks.get(id)
    if (!chunk) return []
    const language = toLanguage(documents.get(documentId)?.language)
    const startMs = moments(chunk, bestMatch(chunk.text, terms, language)?.start ?? 0)
    return [{ chunk, score, rank, startMs, highlights: excerpts(chunk.text, terms, { language }) }]
  })
}

async function embedQuery(
  { models, log }: Platform,
  viewer: Viewer,
  { query, signal, required }: { query: string; signal: AbortSignal; required: boolean },
): Promise<DenseQuery | null> {
  if (!required && !(await models.capabilities(viewer.organizationId)).embedding) return null
  try {
    const { model, vectors } = await models.embed(questionOf(viewer, { query, signal }))
    return vectors[0] ? { model, vector: vectors[0] } : null
  } catch (error) {
    if (required || !(error instanceof EngineUnavailable || error instanceof QuotaExceeded)) throw error
    log.warn({ err: error }, 'searching without the embedding model')
    return null
  }
}

/**
 * The question in the spaces of models that the organisation used before, as long as documents lie there and such a model answers: while they are embedded again one
 * after the other, each is found by its meaning all the same.
 */
async function embedFormerly(
  { models, sql, log }: Platform,
  viewer: Viewer,
  { query, signal, model }: { query: string; signal: AbortSignal; model: string },
): Promise<DenseQuery[]> {
  const spaces = await sql.withOrganization(viewer, (tx) => listOtherSpaces(tx, model))
  const asked = spaces.map(async (space) => {
    const { vectors } = await models.embed({ ...questionOf(viewer, { query, signal }), space })
    return vectors[0] ? [{ model: space, vector: vectors[0] }] : []
  })
  const answers = await Promise.allSettled(asked)
  return answers.flatMap((answer) => {
    if (answer.status === 'fulfilled') return answer.value
    signal.throwIfAborted()
    log.debug({ err: answer.reason }, 'searching without a former embedding model')
    return []
  })
}

const questionOf = (
  { organizationId, userId }: Viewer,
  { query, signal }: { query: string; signal: AbortSignal },
): EmbeddingRequest => ({
  organizationId,
  userId,
  task: 'search',
  priority: 'interactive',
  purpose: 'query',
  texts: [query],
  signal,
})

/** The page goes on after the last passage looked at, also when that one, or every one, was left out. */
function toResult(
  nodes: SearchHit[],
  { answered, offset, looked, more }: { answered: SearchMode; offset: number; looked: number; more: boolean },
): SearchResult {
  return {
    nodes,
    cursors: nodes.map(({ rank }) => cursorOf([rank])),
    endCursor: looked > 0 ? cursorOf([offset + looked]) : null,
    hasNextPage: more,
    hasPreviousPage: offset > 0,
    mode: answered,
  }
}
