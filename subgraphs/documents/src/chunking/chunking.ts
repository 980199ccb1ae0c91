import type { PageBox } from '@passerelle/platform/schema'
import type { ReadPage } from '../reading/reading.ts'
import { boxesOf, type Span } from './boxes.ts'
import { tokensOf, unitsOf, type Unit } from './units.ts'

/** Sizes in tokens (o200k). A chunk ends between `least` and `most`, sooner only where the document ends. */
const size = { least: 500, wanted: 600, most: 700, overlap: 50 }
/** Token counts of parts add up to a little more or less than the count of the whole. */
const margin = 15

/** A passage: what is searched and cited. `text` is the text of its spans, joined by a line end where a page ends. */
export interface TextChunk {
  /** From 0, in reading order; the neighbours of a chunk are index - 1 and index + 1. */
  index: number
  /** The page on which what is new in it begins. */
  page: number
  text: string
  spans: Span[]
  /** One box for each visual line. */
  boxes: PageBox[]
  tokenCount: number
}

function total(units: readonly Unit[]): number {
  return units.reduce((sum, unit) => sum + unit.tokens, 0)
}

/** The end of a chunk that the next one begins with: whole sentences up to the overlap, or the last words of one. */
function overlapOf(units: readonly Unit[], pages: ReadonlyMap<number, ReadPage>): Unit[] {
  const kept: Unit[] = []
  let tokens = 0
  for (const unit of units.toReversed()) {
    if (tokens + unit.tokens <= size.overlap) {
      kept.unshift(unit)
      tokens += unit.tokens
      continue
    }
    return tokens > size.overlap / 2 ? kept : [...lastWords(unit, size.overlap - tokens, pages), ...kept]
  }
  return []
}

function lastWords(unit: Unit, most: number, pages: ReadonlyMap<number, ReadPage>): Unit[] {
  const text = pages.get(unit.page)?.text.slice(unit.start, unit.end) ?? ''
  const starts = Array.from(text.matchAll(/(?<=\s)\S/g), (match) => match.index)
  let low = 0
  let high = starts.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (tokensOf(text.slice(starts[middle])) > most) low = middle + 1
    else high = middle
  }
  const start = starts[low]
  return start === undefined ? [] : [{ ...unit, start: unit.start + start, tokens: tokensOf(text.slice(start)) }]
}

/** How many of the first units make the chunk, when one more does not fit or a good place to end has come. */
function cutAt(units: readonly Unit[], fixed: number): number {
  let tokens = total(units.slice(0, fixed))
  let fits = fixed
  let atParagraph = 0
  for (let index = fixed; index < units.length; index++) {
    const unit = units[index]
    if (!unit || tokens + unit.tokens > size.most - margin) break
    if (tokens >= size.least && unit.heading) return index
    tokens += unit.tokens
    fits = index + 1
    if (tokens < size.least || !unit.closes || unit.heading) continue
    if (tokens >= size.wanted) return fits
    atParagraph = fits
  }
  return atParagraph || withoutLooseHeading(units, fits, fixed)
}

/** A heading belongs to what follows it, unless the chunk would become too small without it. */
function withoutLooseHeading(units: readonly Unit[], end: number, fixed: number): number {
  let cut = end
  while (cut - 1 > fixed && units[cut - 1]?.heading) cut--
  return total(units.slice(0, cut)) >= size.least ? cut : Math.max(end, fixed + 1)
}

function toSpans(units: readonly Unit[]): Span[] {
  const spans: Span[] = []
  for (const { page, start, end } of units) {
    const last = spans.at(-1)
    if (last && last.page === page && last.end === start) last.end = end
    else spans.push({ page, start, end })
  }
  return spans
}

function trimmed({ page, start, end }: Span, pages: ReadonlyMap<number, ReadPage>): Span {
  const text = pages.get(page)?.text.slice(start, end) ?? ''
  return { page, start, end: start + text.trimEnd().length }
}

function toChunk(
  units: readonly Unit[],
  { index, fixed, pages }: { index: number; fixed: number; pages: ReadonlyMap<number, ReadPage> },
): TextChunk {
  const spans = toSpans(units).map((span) => trimmed(span, pages))
  const text = spans.map(({ page, start, end }) => pages.get(page)?.text.slice(start, end) ?? '').join('\n')
  const boxes = spans.flatMap((span) => {
    const page = pages.get(span.page)
    return page ? boxesOf(page, span) : []
  })
  return { index, page: (units[fixed] ?? units[0])?.page ?? 1, text, spans, boxes, tokenCount: tokensOf(text) }
}

/**
 * Cuts the pages of a document into chunks of 500 to 700 tokens that end where a heading begins, a paragraph ends or at least a
 * sentence ends, each beginning with about the last 50 tokens of the one before. A document that fits is one chunk; one without
 * text is none. Every character of a page that is not white space is in a chunk.
 */
export function chunkPages(pages: readonly ReadPage[]): TextChunk[] {
  const byNumber = new Map(pages.map((page) => [page.number, page]))
  const units = pages.flatMap(unitsOf)
  let left = total(units)
  const chunks: TextChunk[] = []
  let overlap: Unit[] = []
  for (let next = 0; next < units.length;) {
    const window = [...overlap, ...units.slice(next, next + 2 * size.most)]
    const everything = total(overlap) + left <= size.most - margin
    const count = everything ? window.length : cutAt(window, overlap.length)
    const taken = window.slice(0, count)
    chunks.push(toChunk(taken, { index: chunks.length, fixed: overlap.length, pages: byNumber }))
    left -= total(taken.slice(overlap.length))
    next += count - overlap.length
    overlap = overlapOf(taken, byNumber)
  }
  return chunks
}
