import type { PageBox, Viewer } from '@passerelle/platform/schema'
import type { ReadGraph } from '@passerelle/platform/subgraph'
import type { Citation } from '../answer.ts'
import { locate } from './locate.ts'
import { readPageWords, type Passage, type PageWord } from './retrieval.ts'

/** Makes citations of quotations: finds the page and the boxes of the words. Pages are read once per answer. */
export interface Citer {
  cite(passage: Passage, quotation: string, confidence: number): Promise<Citation>
}

export function createCiter(readGraph: ReadGraph, { viewer, signal }: { viewer: Viewer; signal: AbortSignal }): Citer {
  const pages = new Map<string, Promise<PageWord[]>>()
  function wordsOf(documentId: string, number: number): Promise<PageWord[]> {
    const key = `${documentId}:${number}`
    const known = pages.get(key) ?? readPageWords(readGraph, { viewer, documentId, number, signal })
    pages.set(key, known)
    return known
  }

  return {
    async cite(passage, quotation, confidence) {
      const place = await findPlace(passage, quotation, wordsOf)
      return {
        marker: markerOf(passage),
        documentId: passage.documentId,
        chunkId: passage.chunkId,
        page: place?.page ?? passage.pages[0] ?? 1,
        boxes: place?.boxes ?? [],
        excerpt: quotation,
        confidence: Math.round(confidence * 100) / 100,
      }
    },
  }
}

/** The first page of the passage that holds the words; words that run over the end of a page are found by their halves. */
async function findPlace(
  { documentId, pages }: Passage,
  quotation: string,
  wordsOf: (documentId: string, number: number) => Promise<PageWord[]>,
): Promise<{ page: number; boxes: PageBox[] } | null> {
  for (const page of pages) {
    const boxes = locate(quotation, await wordsOf(documentId, page))
    if (boxes) return { page, boxes: boxes.map((box) => ({ page, box })) }
  }
  const words = quotation.split(/\s+/)
  if (pages.length < 2 || words.length < 2) return null
  const runs = await Promise.all(pages.map(async (page) => ({ page, words: await wordsOf(documentId, page) })))
  const joined = runs.flatMap(({ page, words: all }) => all.map((word) => ({ ...word, page })))
  const boxes = locate(quotation, joined.map(({ text, box, page }) => ({ text, box: { ...box, y: box.y + page } })))
  if (!boxes) return null
  const placed = boxes.map(({ y, ...box }) => ({ page: Math.floor(y), box: { ...box, y: y - Math.floor(y) } }))
  return { page: placed[0]?.page ?? pages[0] ?? 1, boxes: placed }
}

/** `DOC:` and enough of the document's id to tell it apart, then the passage's number. */
export function markerOf({ documentId, index }: Passage): string {
  return `[DOC:${documentId.slice(-8)}-${index}]`
}
