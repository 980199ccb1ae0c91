import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'
import { sentences } from '@passerelle/platform/text'
import type { ReadPage } from '../reading/reading.ts'

/** The smallest part that is never torn: a sentence or a line, with the white space behind it. */
export interface Unit {
  page: number
  start: number
  end: number
  tokens: number
  heading: boolean
  /** True when a paragraph, a table or the page ends with it. */
  closes: boolean
}

/** Longer sentences are no sentences (tables, encoded data); they are cut at white space, so that no chunk grows beyond its limit. */
const longest = { characters: 200, tokens: 250 }

/** Tokens of the o200k vocabulary. Text that only looks like one of its special marks is counted as text. */
export function tokensOf(text: string): number {
  return countTokens(text, { disallowedSpecial: new Set() })
}

function cut(text: string, start: number, end: number): [number, number][] {
  const parts: [number, number][] = []
  for (let from = start; from < end;) {
    const limit = Math.min(end, from + longest.characters)
    const space = limit < end ? text.slice(from, limit).search(/\s\S*$/) : -1
    const until = limit === end ? end : space > 0 ? from + space + 1 : limit
    parts.push([from, until])
    from = until
  }
  return parts
}

function isHeading(page: ReadPage, start: number, end: number): boolean {
  return page.headings.some((heading) => heading.start <= start && end <= heading.end + 1)
}

function toUnits(page: ReadPage, from: number, until: number): Unit[] {
  const { text, number } = page
  const long = until - from > 5 * longest.characters || tokensOf(text.slice(from, until)) > longest.tokens
  const parts: [number, number][] = long ? cut(text, from, until) : [[from, until]]
  return parts.map(([start, end]) => ({
    page: number,
    start,
    end,
    tokens: tokensOf(text.slice(start, end)),
    heading: isHeading(page, start, end),
    closes: end === until && /\n\s*\n\s*$/.test(text.slice(start, end)),
  }))
}

/** The units of a page, in order; together they cover its text but for white space at the very beginning. */
export function unitsOf(page: ReadPage): Unit[] {
  const found = sentences(page.text)
  const units = found.flatMap((sentence, index) =>
    toUnits(page, sentence.start, found[index + 1]?.start ?? page.text.length),
  )
  const last = units.at(-1)
  if (last) last.closes = true
  return units
}
