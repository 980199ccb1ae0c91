import { pageArgs, requirePage, requireScope } from '@passerelle/platform/schema'
import type { VectorFilter } from '@passerelle/platform/vectors'
import { builder } from './builder.ts'
import { ChunkRef } from './chunk.graphql.ts'
import { search, searchModes, type SearchHit, type SearchResult } from './search.ts'

const SearchModeEnum = builder.enumType('SearchMode', {
  description: 'SPARSE ranks by words (BM25), DENSE by meaning, HYBRID by both.',
  values: searchModes,
})

const SearchFilterInput = builder.inputType('SearchFilter', {
  description: 'All that are given must hold; an empty list holds for nothing.',
  fields: (t) => ({
    documentIds: t.idList(),
    contentTypes: t.stringList(),
    kinds: t.stringList(),
    createdAfter: t.field({ type: 'DateTime' }),
    createdBefore: t.field({ type: 'DateTime' }),
  }),
})

const SearchHitRef = builder.objectRef<SearchHit>('SearchHit').implement({
  fields: (t) => ({
    chunk: t.expose('chunk', { type: ChunkRef }),
    score: t.exposeFloat('score', { description: 'Comparable within one answer only.' }),
    highlights: t.exposeStringList('highlights', {
      description: 'Excerpts as safe HTML: everything is escaped, and what matched stands between <em> and </em>.',
    }),
  }),
})

const SearchEdgeRef = builder.objectRef<{ cursor: string; node: SearchHit }>('SearchEdge').implement({
  fields: (t) => ({ cursor: t.exposeString('cursor'), node: t.expose('node', { type: SearchHitRef }) }),
})

const SearchConnectionRef = builder.objectRef<SearchResult>('SearchConnection').implement({
  description: 'Passages, best first. What matches a little cannot be counted, so there is no total.',
  fields: (t) => ({
    nodes: t.expose('nodes', { type: [SearchHitRef] }),
    edges: t.field({
      type: [SearchEdgeRef],
      resolve: ({ nodes, cursors }) => nodes.map((node, index) => ({ node, cursor: cursors[index] ?? '' })),
    }),
    pageInfo: t.field({
      type: 'PageInfo',
      resolve: ({ hasNextPage, hasPreviousPage, cursors, endCursor }) => ({
        hasNextPage,
        hasPreviousPage,
        startCursor: cursors[0] ?? null,
        endCursor,
      }),
    }),
    mode: t.expose('mode', { type: SearchModeEnum, description: 'How it was ranked: SPARSE when no embedding model answered a HYBRID search.' }),
  }),
})

builder.queryField('search', (t) =>
  t.field({
    description: 'Finds passages in the documents.',
    type: SearchConnectionRef,
    args: {
      query: t.arg.string({ required: true, description: 'Words or a question; at most 2,000 characters.' }),
      mode: t.arg({ type: SearchModeEnum, description: 'HYBRID unless told.' }),
      filter: t.arg({ type: SearchFilterInput }),
      ...pageArgs(t),
    },
    resolve: (_root, { query, mode, filter, ...page }, context) => {
      const viewer = requireScope(context, 'document:read')
      return search(context.platform, viewer, {
        query,
        mode: mode ?? 'HYBRID',
        filter: toFilter(filter ?? {}),
        page: requirePage(page),
        signal: context.signal,
      })
    },
  }),
)

type GivenFilter = { [Key in keyof VectorFilter]?: VectorFilter[Key] | null }

function toFilter(given: GivenFilter): VectorFilter {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null && value !== undefined))
}
