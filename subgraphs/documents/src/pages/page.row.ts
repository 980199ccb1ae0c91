import type { ReadPage, ReadSegment, ReadWord } from '../reading/reading.ts'

/** text, x, y, width, height, start in the page's text, line, block, confidence. */
export type WordRow = [string, number, number, number, number, number, number, number, number | null]

/** From and to in the page's text, from and to in milliseconds of the recording, who speaks. */
export type SegmentRow = [number, number, number, number, string | null]

/** A page as its row has it. */
export interface PageRow {
  number: number
  width: number
  height: number
  text: string
  recognized: boolean
  confidence: number | null
  words: WordRow[]
  headings: ReadPage['headings']
  /** Null for what is printed. */
  segments: SegmentRow[] | null
}

/** A page whose words and headings are still the JSON that the database wrote: a process that only passes it on never takes it apart. */
export type PackedPage = Omit<PageRow, 'words' | 'headings' | 'segments'> & {
  words: string
  headings: string
  segments: string | null
}

export function unpackPage(page: PackedPage): ReadPage {
  return toPage({
    ...page,
    words: JSON.parse(page.words) as WordRow[],
    headings: JSON.parse(page.headings) as ReadPage['headings'],
    segments: page.segments === null ? null : (JSON.parse(page.segments) as SegmentRow[]),
  })
}

export function toPage({ confidence: mean, words, segments, ...page }: PageRow): ReadPage {
  return {
    number: page.number,
    width: page.width,
    height: page.height,
    text: page.text,
    recognized: page.recognized,
    ...(mean !== null && { confidence: mean }),
    headings: page.headings,
    ...(segments && {
      segments: segments.map(([start, end, startMs, endMs, speaker]) => ({ start, end, startMs, endMs, speaker })),
    }),
    words: words.map(([text, x, y, width, height, start, line, block, confidence]) => ({
      text,
      box: { x, y, width, height },
      start,
      line,
      block,
      ...(confidence !== null && { confidence }),
    })),
  }
}

export function toWordRow({ text, box, start, line, block, confidence }: ReadWord): WordRow {
  return [
    storable(text),
    short(box.x),
    short(box.y),
    short(box.width),
    short(box.height),
    start,
    line,
    block,
    confidence ?? null,
  ]
}

export function toSegmentRow({ start, end, startMs, endMs, speaker }: ReadSegment): SegmentRow {
  return [start, end, startMs, endMs, speaker === null ? null : storable(speaker)]
}

/** A hundred-thousandth of a page is finer than any screen. */
function short(fraction: number): number {
  return Math.round(fraction * 1e5) / 1e5
}

/** PostgreSQL keeps neither U+0000 nor half a surrogate pair; each becomes one other character, so that offsets hold. */
export function storable(text: string): string {
  return text.replaceAll('\u0000', ' ').toWellFormed()
}
