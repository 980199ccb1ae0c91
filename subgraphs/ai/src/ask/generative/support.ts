import { tokens } from '@passerelle/platform/text'
import { isEnglish } from '../abstention.ts'
import { quoteSpan, type Quotation } from '../extractive/choosing.ts'
import { statementsOf } from '../extractive/statements.ts'
import type { Passage } from '../passage.ts'

/** Share of what a sentence says that its source must say too. */
const enough = 0.5
/** In another language only names and numbers can be compared; so much of the rest must be alike. */
const enoughAcross = 0.1

/**
 * Holds a sentence against a passage: the words that support it best, or null when the passage does not say it. A number or reference that
 * the passage does not print is never supported.
 */
export function supportOf(sentence: string, passage: Passage): Quotation | null {
  const said = termsOf(sentence)
  const across = isEnglish(sentence) !== isEnglish(passage.text)
  const printed = termsOf(passage.text)
  if (said.length === 0 || said.some(({ exact, terms }) => exact && !holds(printed, terms))) return null
  const share = shareOf(said, printed)
  if (share < (across && said.some(({ exact }) => exact) ? enoughAcross : enough)) return null
  let best = { share: -1, start: 0, end: 0 }
  for (const { spans } of statementsOf(passage.text)) {
    const [span] = spans
    if (!span || spans.length > 1) continue
    const found = shareOf(said, termsOf(passage.text.slice(span.start, span.end))) - (span.end - span.start) / 1e5
    if (found > best.share) best = { ...span, share: found }
  }
  return {
    passage,
    spans: [best],
    text: quoteSpan(passage, best),
    confidence: across ? Math.max(share, enough) : share,
  }
}

interface Said {
  terms: readonly string[]
  /** A number or a reference. */
  exact: boolean
}

function termsOf(text: string): Said[] {
  return [...tokens(text, 'fr'), ...tokens(text, 'en')].map(({ terms, start, end }) => ({
    terms,
    exact: /\d/.test(text.slice(start, end)),
  }))
}

function holds(printed: readonly Said[], terms: readonly string[]): boolean {
  return printed.some((other) => other.terms.some((term) => terms.includes(term)))
}

function shareOf(said: readonly Said[], printed: readonly Said[]): number {
  const known = new Set(printed.flatMap(({ terms }) => terms))
  return said.filter(({ terms }) => terms.some((term) => known.has(term))).length / said.length
}
