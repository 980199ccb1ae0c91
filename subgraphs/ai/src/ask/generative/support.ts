import { tokens } from '@passerelle/platform/text'
import { isEnglish } from '../abstention.ts'
import { quoteSpan, type Quotation } from '../extractive/choosing.ts'
import type { Span } from '../extractive/lines.ts'
import { statementsOf } from '../extractive/statements.ts'
import type { Passage } from '../passage.ts'
import { exactOf, isExact, printsAll } from './exact.ts'

/** Share of the words of a sentence that its source must hold; between two languages its numbers must do. */
const enough = 0.5
/** What a number or reference tells beside a word. */
const exactWeight = 2

/**
 * Holds a sentence against a passage: the words that support it best, or null when the passage does not say it. A day, number or reference
 * that the passage does not print is never supported.
 */
export function supportOf(sentence: string, passage: Passage): Quotation | null {
  const words = wordsOf(sentence)
  if ((words.length === 0 && !isExact(sentence)) || !printsAll(sentence, exactOf(passage.text))) return null
  const across = isEnglish(sentence) !== isEnglish(passage.text)
  const share = shareOf(words, passage.text)
  if (share < enough && !(across && isExact(sentence))) return null
  const spans = [bestSpan(sentence, passage)]
  return {
    passage,
    spans,
    text: spans.map((span) => quoteSpan(passage, span)).join(' '),
    confidence: across ? Math.max(share, enough) : share,
  }
}

/** The statement of the passage that holds most of the sentence; of equals the shortest. */
function bestSpan(sentence: string, { text }: Passage): Span {
  const words = wordsOf(sentence)
  const exact = exactOf(sentence)
  let best = { start: 0, end: text.length, score: 0 }
  for (const { spans } of statementsOf(text)) {
    const [span] = spans
    if (!span || spans.length > 1) continue
    const part = text.slice(span.start, span.end)
    const alike = shareOf(words, part) * words.length + exactWeight * commonExact(exact, exactOf(part))
    const score = alike - (span.end - span.start) / 1e4
    if (score > best.score) best = { ...span, score }
  }
  return { start: best.start, end: best.end }
}

function commonExact(a: ReturnType<typeof exactOf>, b: ReturnType<typeof exactOf>): number {
  return (
    [...a.days].filter((day) => b.days.has(day)).length +
    [...a.numbers].filter((number) => b.numbers.has(number)).length
  )
}

/** The terms of each word that carries meaning, numbers aside, after the rules of its language and of the other one. */
function wordsOf(text: string): Set<string>[] {
  const [own, other] = isEnglish(text) ? (['en', 'fr'] as const) : (['fr', 'en'] as const)
  const others = new Map(tokens(text, other).map(({ start, terms }) => [start, terms]))
  return tokens(text, own)
    .filter(({ start, end }) => !/\d/.test(text.slice(start, end)))
    .map(({ terms, start }) => new Set([...terms, ...(others.get(start) ?? [])]))
}

function shareOf(words: readonly Set<string>[], text: string): number {
  if (words.length === 0) return 1
  const known = new Set([...tokens(text, 'fr'), ...tokens(text, 'en')].flatMap(({ terms }) => terms))
  return words.filter((terms) => !terms.isDisjointFrom(known)).length / words.length
}
