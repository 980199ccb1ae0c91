import { sentences } from './sentences.ts'
import { tokens, type Language } from './terms.ts'

export type Range = { start: number; end: number }

type Match = Range & { terms: string[] }

function findMatches(text: string, terms: Iterable<string>, language: Language | null): Match[] {
  const wanted = new Set(terms)
  const matches: Match[] = []
  for (const token of tokens(text, language)) {
    const found = token.terms.filter((term) => wanted.has(term))
    if (found.length === 0) continue
    const last = matches.at(-1)
    if (last && token.start < last.end) {
      last.end = Math.max(last.end, token.end)
      last.terms.push(...found)
    } else matches.push({ start: token.start, end: token.end, terms: found })
  }
  return matches
}

/** The places in a text where one of the terms (from `analyseQuery`) is found, in order, without overlaps. */
export function highlight(text: string, terms: Iterable<string>, language: Language | null): Range[] {
  return findMatches(text, terms, language).map(({ start, end }) => ({ start, end }))
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign)
}

function mark(text: string, window: Range, ranges: readonly Range[]): string {
  let shown = ''
  let offset = window.start
  for (const { start, end } of ranges) {
    if (start < window.start || end > window.end) continue
    shown += `${escape(text.slice(offset, start))}<em>${escape(text.slice(start, end))}</em>`
    offset = end
  }
  return (shown + escape(text.slice(offset, window.end))).replace(/\s+/g, ' ').trim()
}

/** Cuts a long sentence down to `length` characters around its first match, at spaces. */
function shorten(
  text: string,
  { start, end }: Range,
  { length, first }: { length: number; first: Range | undefined },
): Range {
  if (end - start <= length) return { start, end }
  const from = Math.max(start, Math.min((first?.start ?? start) - Math.floor(length / 3), end - length))
  const opening = from === start ? from : from + Math.max(0, text.slice(from, from + 30).search(/\s/))
  const until = Math.max(Math.min(end, from + length), first?.end ?? 0)
  const closing = until === end ? until : Math.max(text.slice(0, until).lastIndexOf(' '), first?.end ?? opening)
  return { start: opening, end: closing > opening ? closing : until }
}

interface Scored {
  sentence: Range
  inside: Match[]
  points: number
}

/** The sentences with the matches inside them, and what they are worth: the most different terms, then the most matches. */
function score(text: string, matches: readonly Match[]): Scored[] {
  let next = 0
  return sentences(text).map((sentence) => {
    const inside: Match[] = []
    for (; next < matches.length && (matches[next]?.start ?? 0) < sentence.end; next++) {
      const match = matches[next]
      if (match && match.start >= sentence.start) inside.push(match)
    }
    const different = new Set(inside.flatMap((match) => match.terms)).size
    return { sentence, inside, points: different + inside.length / 100 }
  })
}

/** Those that hold a match, the best first. */
function ranked(scored: readonly Scored[]): Scored[] {
  return scored
    .filter(({ points }) => points > 0)
    .sort((left, right) => right.points - left.points || left.sentence.start - right.sentence.start)
}

/** The first match of the sentence that holds the most different terms; null where none is found. */
export function bestMatch(text: string, terms: Iterable<string>, language: Language | null): Range | null {
  const match = ranked(score(text, findMatches(text, terms, language)))[0]?.inside[0]
  return match ? { start: match.start, end: match.end } : null
}

type ExcerptOptions = { language: Language | null; most?: number; length?: number }

/**
 * At most `most` excerpts of about `length` characters, in reading order, from the sentences that hold the most different terms.
 * They are safe HTML: everything is escaped and the matches stand between `<em>` and `</em>`. A text without a match gives its
 * beginning.
 */
export function excerpts(
  text: string,
  terms: Iterable<string>,
  { language, most = 2, length = 240 }: ExcerptOptions,
): string[] {
  const matches = findMatches(text, terms, language)
  const scored = score(text, matches)
  const best = ranked(scored)
  // What holds far less than the best, such as another number with the same letters, would only mislead.
  const worth = best.filter(({ points }) => 2 * Math.floor(points) >= Math.floor(best[0]?.points ?? 0))
  const chosen = (worth.length > 0 ? worth.slice(0, most) : scored.slice(0, 1)).sort(
    (left, right) => left.sentence.start - right.sentence.start,
  )
  return chosen.map(({ sentence, inside }) =>
    mark(text, shorten(text, sentence, { length, first: inside[0] }), matches),
  )
}
