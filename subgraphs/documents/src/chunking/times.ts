import type { ReadPage, ReadSegment } from '../reading/reading.ts'
import type { Span } from './boxes.ts'
import { countPassing } from './sorted.ts'

/** When something is said, in milliseconds of the recording. */
export interface Times {
  startMs: number | null
  endMs: number | null
}

/** Tells from when to when stretches of pages are said, reaching from the first breath they touch to the last; null for what is printed. */
export function createTimes(pages: readonly ReadPage[]): (spans: readonly Span[]) => Times {
  const spoken = new Map(pages.flatMap(({ number, segments }) => (segments ? [[number, segments] as const] : [])))
  return (spans) => {
    const touched = spans.flatMap((span) => segmentsIn(spoken.get(span.page) ?? [], span))
    return { startMs: touched[0]?.startMs ?? null, endMs: touched.at(-1)?.endMs ?? null }
  }
}

function segmentsIn(segments: readonly ReadSegment[], { start, end }: Span): ReadSegment[] {
  const from = countPassing(segments, (segment) => segment.end <= start)
  const until = countPassing(segments, (segment) => segment.start < end)
  return segments.slice(from, until)
}
