import { isRebuilding } from '@passerelle/platform/rebuild'
import { pageArgs, requirePage, requireScope } from '@passerelle/platform/schema'
import { builder } from '../builder.ts'
import { ChunkRef } from './chunk.graphql.ts'
import { search, type SearchFilter, type SearchHit, type SearchMode, type SearchResult } from './search.ts'

const SearchModeEnum = builder.enumType('SearchMode', {
  description: 'How passages are ranked.',
  values: {
    HYBRID: { description: 'By words and by meaning together; by words alone while no embedding model answers.' },
    DENSE: { description: 'By meaning: vectors of an embedding model. ENGINE_UNAVAILABLE while none answers.' },
    SPARSE: {
      description: 'By words (BM25), in French and English: stems, accents and printed numbers are seen through.',
    },
  } satisfies Record<SearchMode, { description: string }>,
})

const SearchFilterInput = builder.inputType('SearchFilter', {
  description: 'All that are given must hold; an empty list holds for nothing.',
  fields: (t) => ({
    documentIds: t.idList({ description: 'Only these documents.' }),
    collectionIds: t.idList({ tag: 'house', description: 'Only documents in one of these collections; at most 100.' }),
    entityIds: t.idList({
      tag: 'house',
      description: 'Only documents that mention all of these entities; at most 20.',
    }),
    contentTypes: t.stringList({ description: 'Only files of these types, such as `application/pdf`.' }),
    kinds: t.stringList({ description: 'Only documents of these kinds, such as `INVOICE`.' }),
    createdAfter: t.field({ type: 'DateTime', description: 'Only documents uploaded at this moment or later.' }),
    createdBefore: t.field({ type: 'DateTime', description: 'Only documents uploaded before this moment.' }),
  }),
})

const SearchHitRef = builder.objectRef<SearchHit>('SearchHit').implement({
  tag: 'partner',
  description: 'A passage that was found.',
  fields: (t) => ({
    chunk: t.expose('chunk', {
      type: ChunkRef,
      description: 'The passage, with its document and its place on the page.',
    }),
    score: t.exposeFloat('score', { description: 'Comparable within one answer only.' }),
    startMs: t.exposeInt('startMs', {
      nullable: true,
      description: 'When what matched is said, in milliseconds of the recording; null for what is printed.',
    }),
    highlights: t.exposeStringList('highlights', {
      description: 'Excerpts as safe HTML: everything is escaped, and what matched stands between <em> and </em>.',
    }),
  }),
})

const SearchEdgeRef = builder.objectRef<{ cursor: string; node: SearchHit }>('SearchEdge').implement({
  tag: 'partner',
  description: 'One of the ranking, and where it stands there.',
  fields: (t) => ({
    cursor: t.exposeString('cursor', { description: 'Given as `after`, continues the ranking right after this one.' }),
    node: t.expose('node', { type: SearchHitRef, description: 'What was found.' }),
  }),
})

const SearchConnectionRef = builder.objectRef<SearchResult>('SearchConnection').implement({
  tag: 'partner',
  description: 'Passages, best first. What matches a little cannot be counted, so there is no total.',
  fields: (t) => ({
    nodes: t.expose('nodes', { type: [SearchHitRef], description: 'What is on this page, the best first.' }),
    edges: t.field({
      description: 'The same with a cursor for each.',
      type: [SearchEdgeRef],
      resolve: ({ nodes, cursors }) => nodes.map((node, index) => ({ node, cursor: cursors[index] ?? '' })),
    }),
    pageInfo: t.field({
      description: 'Whether and where the ranking goes on.',
      type: 'PageInfo',
      resolve: ({ hasNextPage, hasPreviousPage, cursors, endCursor }) => ({
        hasNextPage,
        hasPreviousPage,
        startCursor: cursors[0] ?? null,
        endCursor,
      }),
    }),
    mode: t.expose('mode', {
      type: SearchModeEnum,
      description: 'How it was ranked: SPARSE when no embedding model answered a HYBRID search.',
    }),
    rebuilding: t.boolean({
      description: 'True while the index is being made again from the documents: until then something may be missing.',
      resolve: (_result, _args, context) =>
        isRebuilding(context.platform, requireScope(context, 'document:read').organizationId, 'vectors'),
    }),
  }),
})

builder.queryField('search', (t) =>
  t.field({
    tag: 'partner',
    description: 'Finds passages in the documents (`document:read`), by words and by meaning.',
    type: SearchConnectionRef,
    args: {
      query: t.arg.string({ required: true, description: 'Words or a question; at most 2,000 characters.' }),
      mode: t.arg({ type: SearchModeEnum, description: 'HYBRID unless told.' }),
      filter: t.arg({ type: SearchFilterInput, description: 'Only passages of documents like these.' }),
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

type GivenFilter = { [Key in keyof SearchFilter]?: SearchFilter[Key] | null }

function toFilter(given: GivenFilter): SearchFilter {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null && value !== undefined))
}
