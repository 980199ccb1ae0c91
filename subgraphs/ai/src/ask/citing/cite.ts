import type { Viewer } from '@passerelle/platform/schema'
import type { ReadGraph } from '@passerelle/platform/subgraph'
import { parse } from 'graphql'
import { z } from 'zod'
import type { Citation } from '../../conversations/answer.ts'
import type { Quotation } from '../extractive/choosing.ts'
import type { Passage } from '../passage.ts'
import { read } from '../reading.ts'
import { locate, type PlacedWord } from './locate.ts'

/** Makes citations of quotations: finds page and boxes of the words. A page is read once per answer. */
export interface Citer {
  cite(quotation: Quotation): Promise<Citation>
}

export function createCiter(readGraph: ReadGraph, { viewer, signal }: { viewer: Viewer; signal: AbortSignal }): Citer {
  const pages = new Map<string, Promise<PlacedWord[]>>()
  function wordsOf(documentId: string, page: number): Promise<PlacedWord[]> {
    const key = `${documentId}:${page}`
    const known = pages.get(key) ?? readPage(readGraph, { viewer, signal, documentId, page })
    pages.set(key, known)
    return known
  }

  return {
    async cite({ passage, spans, text, confidence }) {
      const words = (await Promise.all(passage.pages.map((page) => wordsOf(passage.documentId, page)))).flat()
      const boxes = spans.flatMap((span) => locate(passage.text, span, words))
      return {
        marker: markerOf(passage),
        documentId: passage.documentId,
        chunkId: passage.chunkId,
        page: boxes[0]?.page ?? passage.pages[0] ?? 1,
        boxes,
        excerpt: text,
        confidence: Math.round(confidence * 100) / 100,
      }
    },
  }
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
async function readPage(
  readGraph: ReadGraph,
  { viewer, signal, documentId, page }: { viewer: Viewer; signal: AbortSignal; documentId: string; page: number },
): Promise<PlacedWord[]> {
  const variables = { id: documentId, number: page }
  const data = await read(readGraph, { viewer, document: pageOperation, variables, signal })
  return (pageAnswer.parse(data).document?.page?.words ?? []).map((word) => ({ ...word, page }))
}

/** `DOC:` and enough of the document's id to tell it apart, then the passage's number. */
export function markerOf({ documentId, index }: Passage): string {
  return `[DOC:${documentId.slice(-8)}-${index}]`
}
