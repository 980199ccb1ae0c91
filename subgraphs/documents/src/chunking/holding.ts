import type { Span } from './boxes.ts'
import type { TextChunk } from './chunking.ts'
import { countPassing } from './sorted.ts'

/**
 * Tells which chunk holds a stretch of a page: the first that holds all of it, else the first that holds its beginning; null when none
 * does. Chunks overlap, and a stretch of two lines may be cut between two.
 */
export function createChunkFinder(
  chunks: readonly Pick<TextChunk, 'index' | 'spans'>[],
): (stretch: Span) => number | null {
  const onPage = new Map<number, (Span & { index: number })[]>()
  for (const { index, spans } of chunks) {
    for (const span of spans) {
      const known = onPage.get(span.page)
      if (known) known.push({ ...span, index })
      else onPage.set(span.page, [{ ...span, index }])
    }
  }
  return ({ page, start, end }) => {
    const spans = onPage.get(page) ?? []
    // Spans of a page begin and end in reading order, so the first that ends behind the start is the first that may hold it.
    const first = countPassing(spans, (span) => span.end <= start)
    const beginning = spans.slice(first, first + 3).filter((span) => span.start <= start)
    return (beginning.find((span) => span.end >= end) ?? beginning[0])?.index ?? null
  }
}
