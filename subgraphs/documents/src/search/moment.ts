import type { Tx } from '@passerelle/platform/sql'
import type { Chunk } from './chunk.store.ts'
import { loadPagesAt } from '../pages/page.store.ts'
import type { ReadPage } from '../reading/reading.ts'

/** When a place in a passage's text is said, in milliseconds of the recording; null for a passage that is printed. */
export type Moments = (chunk: Chunk, at: number) => number | null

/** Reads the pages that recorded ones among the passages stand on. */
export async function loadMoments(tx: Tx, chunks: readonly Chunk[]): Promise<Moments> {
  const places = new Map(
    chunks
      .filter(({ startMs }) => startMs !== null)
      .flatMap(({ documentId, boxes }) => boxes.map(({ page }) => ({ documentId, number: page })))
      .map((place) => [`${place.documentId} ${place.number}`, place]),
  )
  const loaded = places.size > 0 ? await loadPagesAt(tx, [...places.values()]) : []
  const pages = new Map([...places.keys()].map((key, index) => [key, loaded[index] ?? null]))
  return (chunk, at) => {
    if (chunk.startMs === null) return null
    const numbers = [...new Set(chunk.boxes.map(({ page }) => page))].sort((left, right) => left - right)
    return momentIn(
      chunk,
      at,
      numbers.flatMap((number) => pages.get(`${chunk.documentId} ${number}`) ?? []),
    )
  }
}

/** Finds each breath of the pages in the passage, which holds them whole but for the first and the last, and answers the last one before the place. */
function momentIn({ text, startMs, endMs }: Chunk, at: number, pages: readonly ReadPage[]): number | null {
  let [moment, from] = [startMs, 0]
  for (const page of pages) {
    for (const segment of page.segments ?? []) {
      if (segment.startMs < (startMs ?? 0) || segment.endMs > (endMs ?? Infinity)) continue
      const found = text.indexOf(page.text.slice(segment.start, segment.end), from)
      if (found < 0) continue
      if (found > at) return moment
      moment = segment.startMs
      from = found + segment.end - segment.start
    }
  }
  return moment
}
