import type { Viewer } from '@passerelle/platform/schema'
import type { ReadGraph } from '@passerelle/platform/subgraph'
import { parse } from 'graphql'
import { z } from 'zod'
import type { Question } from './extractive/question.ts'
import type { Passage } from './passage.ts'
import { read } from './reading.ts'

/** Share of the passages that is kept for what only other words for the question find. */
const shareOfOthers = 0.25
/** A question of at most this many documents reads them even where no word of it is found. */
const mostRead = 5

const searchOperation = parse(`
  query AskSearch($question: String!, $otherWords: String!, $both: Boolean!, $filter: SearchFilter, $first: Int!) {
    asked: search(query: $question, mode: HYBRID, filter: $filter, first: $first) { nodes { chunk { ...passage } } }
    otherwise: search(query: $otherWords, mode: SPARSE, filter: $filter, first: $first) @include(if: $both) { nodes { chunk { ...passage } } }
  }
  fragment passage on Chunk { id index text page boxes { page } document { id title } }
`)

const chunksOperation = parse(`
  query AskDocument($id: ID!, $first: Int!) {
    document(id: $id) { chunks(first: $first) { nodes { id index text page boxes { page } document { id title } } } }
  }
`)

const chunk = z.object({
  id: z.string(),
  index: z.number(),
  text: z.string(),
  page: z.number(),
  boxes: z.array(z.object({ page: z.number() })),
  document: z.object({ id: z.string(), title: z.string() }).nullable(),
})
const hits = z.object({ nodes: z.array(z.object({ chunk })) })
const searchAnswer = z.object({ asked: hits, otherwise: hits.optional() })
const chunksAnswer = z.object({ document: z.object({ chunks: z.object({ nodes: z.array(chunk) }) }).nullable() })

/** What to look for, with whose rights. */
export interface Retrieval {
  viewer: Viewer
  question: Question
  /** Only in these documents; in all unless given. */
  documentIds: readonly string[] | null
  /** Only in documents of these collections; in all unless given. */
  collectionIds: readonly string[] | null
  /** How many passages at most. */
  first: number
  signal: AbortSignal
}

/**
 * Asks the graph, with the asker's own rights, for passages about the question, best first: found by its words and by other words for the
 * same things, and, when it names a reference, also in the documents that hold it. Throws EngineUnavailable when search does not answer.
 */
export async function retrieve(readGraph: ReadGraph, retrieval: Retrieval): Promise<Passage[]> {
  const { question, documentIds, first } = retrieval
  const found = await search(readGraph, retrieval)
  const named = documentIds ? [] : documentsOfReferences(question, found)
  const inside = named.length > 0 ? await search(readGraph, { ...retrieval, documentIds: named }) : []
  const passages = unique([...inside, ...found]).slice(0, first)
  if (!documentIds || retrieval.collectionIds || documentIds.length > mostRead || passages.length >= first)
    return passages
  const whole = await Promise.all(documentIds.map((id) => readDocument(readGraph, { ...retrieval, id })))
  return unique([...passages, ...whole.flat()]).slice(0, first)
}

async function search(
  readGraph: ReadGraph,
  { viewer, question, documentIds, collectionIds, first, signal }: Retrieval,
): Promise<Passage[]> {
  const { text, otherWords } = question
  const filter = { ...(documentIds && { documentIds }), ...(collectionIds && { collectionIds }) }
  const variables = { question: text, otherWords, both: otherWords !== '', filter, first }
  const { asked, otherwise } = searchAnswer.parse(
    await read(readGraph, { viewer, document: searchOperation, variables, signal }),
  )
  const found = asked.nodes.flatMap((node) => toPassage(node.chunk))
  const best = found.slice(0, first - Math.ceil(first * shareOfOthers))
  const others = (otherwise?.nodes ?? []).flatMap((node) => toPassage(node.chunk))
  const more = unique([...best, ...others]).slice(best.length, best.length + Math.ceil(first * shareOfOthers))
  return unique([...found.slice(0, first - more.length), ...more, ...found]).slice(0, first)
}

async function readDocument(
  readGraph: ReadGraph,
  { viewer, id, first, signal }: Retrieval & { id: string },
): Promise<Passage[]> {
  const variables = { id, first }
  const { document } = chunksAnswer.parse(
    await read(readGraph, { viewer, document: chunksOperation, variables, signal }),
  )
  return (document?.chunks.nodes ?? []).flatMap(toPassage)
}

/** The documents found that hold all references of the question: what is asked may stand on another of their pages. */
function documentsOfReferences({ concepts }: Question, found: readonly Passage[]): string[] {
  const references = concepts.filter(({ role }) => role === 'reference').flatMap(({ said }) => said)
  if (references.length === 0) return []
  const texts = Map.groupBy(found, ({ documentId }) => documentId)
  return [...texts]
    .filter(([, passages]) => {
      const text = passages
        .map((passage) => `${passage.title}\n${passage.text}`)
        .join('\n')
        .toLowerCase()
      return references.every((reference) => text.search(reference) >= 0)
    })
    .map(([documentId]) => documentId)
}

function unique(passages: readonly Passage[]): Passage[] {
  return [...new Map(passages.map((passage) => [passage.chunkId, passage])).values()]
}

/** A passage whose document has gone meanwhile is none. */
function toPassage({ id, index, text, page, boxes, document }: z.output<typeof chunk>): Passage[] {
  if (!document) return []
  const pages = [...new Set([page, ...boxes.map((box) => box.page)])].sort((a, b) => a - b)
  return [{ chunkId: id, documentId: document.id, title: document.title, index, text, pages }]
}
