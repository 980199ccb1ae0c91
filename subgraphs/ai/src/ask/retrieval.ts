import { parse } from 'graphql'
import { z } from 'zod'
import { EngineUnavailable, NotAllowed, type Viewer } from '@passerelle/platform/schema'
import type { ReadGraph } from '@passerelle/platform/subgraph'

/** A passage of a document that may hold the answer, best first. */
export interface Passage {
  chunkId: string
  documentId: string
  title: string
  index: number
  text: string
  pages: number[]
  score: number
}

const searchOperation = parse(`
  query AskSearch($question: String!, $filter: SearchFilter, $first: Int) {
    search(query: $question, mode: HYBRID, filter: $filter, first: $first) {
      nodes { score chunk { id index text page boxes { page } document { id title } } }
    }
  }
`)

const searchAnswer = z.object({
  search: z.object({
    nodes: z.array(
      z.object({
        score: z.number(),
        chunk: z.object({
          id: z.string(),
          index: z.number(),
          text: z.string(),
          page: z.number(),
          boxes: z.array(z.object({ page: z.number() })),
          document: z.object({ id: z.string(), title: z.string() }).nullable(),
        }),
      }),
    ),
  }),
})

/** Asks the graph, with the asker's own rights, for passages about the question. Throws EngineUnavailable when search does not answer. */
export async function retrieve(
  readGraph: ReadGraph,
  { viewer, question, documentIds, first, signal }: { viewer: Viewer; question: string; documentIds: readonly string[] | null; first: number; signal: AbortSignal },
): Promise<Passage[]> {
  const data = await read(readGraph, {
    viewer,
    document: searchOperation,
    variables: { question, filter: documentIds ? { documentIds } : null, first },
    signal,
  })
  return searchAnswer.parse(data).search.nodes.flatMap(({ score, chunk }) =>
    chunk.document
      ? [
          {
            chunkId: chunk.id,
            documentId: chunk.document.id,
            title: chunk.document.title,
            index: chunk.index,
            text: chunk.text,
            pages: [...new Set([chunk.page, ...chunk.boxes.map((box) => box.page)])],
            score,
          },
        ]
      : [],
  )
}

export interface PageWord {
  text: string
  box: { x: number; y: number; width: number; height: number }
}

const pageOperation = parse(`
  query AskPage($id: ID!, $number: Int!) {
    document(id: $id) { page(number: $number) { words { text box { x y width height } } } }
  }
`)

const box = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() })
const pageAnswer = z.object({
  document: z.object({ page: z.object({ words: z.array(z.object({ text: z.string(), box })) }).nullable() }).nullable(),
})

/** The words of a page, with their places; none when the page is gone. */
export async function readPageWords(
  readGraph: ReadGraph,
  { viewer, documentId, number, signal }: { viewer: Viewer; documentId: string; number: number; signal: AbortSignal },
): Promise<PageWord[]> {
  const data = await read(readGraph, { viewer, document: pageOperation, variables: { id: documentId, number }, signal })
  return pageAnswer.parse(data).document?.page?.words ?? []
}

async function read(readGraph: ReadGraph, request: Parameters<ReadGraph>[0]): Promise<unknown> {
  const { data, errors } = await readGraph(request)
  const error = errors?.[0]
  if (!error) return data
  if (error.extensions.code === 'ENGINE_UNAVAILABLE') throw new EngineUnavailable(String(error.extensions.engine ?? 'graph'), error)
  if (error.extensions.code === 'FORBIDDEN') throw new NotAllowed()
  throw error
}
