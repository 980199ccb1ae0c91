import { tokens } from '@passerelle/platform/text'
import { isEnglish } from '../abstention.ts'
import { quoteSpan, type Quotation } from '../extractive/choosing.ts'
import type { Span } from '../extractive/lines.ts'
import { statementsOf } from '../extractive/statements.ts'
import { alike } from '../extractive/synonyms.ts'
import { asides, asking } from '../extractive/words.ts'
import type { Passage } from '../passage.ts'
import { exactOf, itemsOf, printsAll, type Exact } from './exact.ts'

/** Share of the words of a sentence that its source must say, itself or by other words. */
const enough = 0.5

/** A passage as sentences are held against it. */
export interface Evidence {
  passage: Passage
  english: boolean
  exact: Exact
  terms: ReadonlySet<string>
  statements: { spans: Span[]; length: number; exact: Exact; terms: ReadonlySet<string> }[]
}

export function readEvidence(passage: Passage): Evidence {
  const { text } = passage
  const at = (spans: readonly Span[]): string => spans.map(({ start, end }) => text.slice(start, end)).join('\n')
  return {
    passage,
    english: isEnglish(text),
    exact: exactOf(text),
    terms: termsOf(text),
    statements: statementsOf(text).map(({ spans, near }) => ({
      spans,
      length: at(spans).length,
      exact: exactOf(at(spans)),
      terms: termsOf(at([...spans, ...near])),
    })),
  }
}

/**
 * Holds a sentence against a passage: the words that support it, or null when the passage does not say it. A day, number or reference that
 * the passage does not print is never supported; where it is printed, the rest of the sentence must be said too. Between two languages only
 * what is exact can be compared.
 */
export function supportOf(sentence: string, evidence: Evidence): Quotation | null {
  const { passage, english, exact, terms, statements } = evidence
  const words = wordsOf(sentence)
  const items = itemsOf(sentence)
  if ((words.length === 0 && items.length === 0) || !printsAll(sentence, exact)) return null
  const holders = items.flatMap(
    (item) =>
      best(
        statements.filter((statement) => printsAll(item, statement.exact)),
        words,
      ) ?? [],
  )
  const found = holders.length > 0 ? holders : [best(statements, words)].flatMap((statement) => statement ?? [])
  const said = holders.length > 0 ? new Set(holders.flatMap((holder) => [...holder.terms])) : terms
  const share = shareOf(words, said)
  const across = isEnglish(sentence) !== english && items.length > 0
  if (found.length === 0 || (share < enough && !across)) return null
  const spans = unique(found.flatMap((statement) => statement.spans))
  const text = spans.map((span) => quoteSpan(passage, span)).join(' ')
  return { passage, spans, text, confidence: across ? Math.max(share, enough) : share }
}

type EvidenceStatement = Evidence['statements'][number]

/** The statement that says most of the words; of equals the shortest. */
function best(statements: readonly EvidenceStatement[], words: readonly Set<string>[]): EvidenceStatement | undefined {
  const score = ({ terms, length }: EvidenceStatement): number => shareOf(words, terms) - length / 1e4
  return statements.toSorted((a, b) => score(b) - score(a))[0]
}

/** Each stretch once, in the order of the passage, without those that lie inside another one. */
function unique(spans: readonly Span[]): Span[] {
  const inside = (one: Span, other: Span): boolean => one !== other && other.start <= one.start && one.end <= other.end
  const all = [...new Map(spans.map((span) => [`${span.start}-${span.end}`, span])).values()]
  return all.filter((span) => !all.some((other) => inside(span, other))).sort((a, b) => a.start - b.start)
}

/** The terms of each word that carries meaning, and of words that say the same, after the rules of both languages. */
function wordsOf(text: string): Set<string>[] {
  const [own, other] = isEnglish(text) ? (['en', 'fr'] as const) : (['fr', 'en'] as const)
  const others = new Map(tokens(text, other).map(({ start, terms }) => [start, terms]))
  const words = tokens(text, own).filter(({ start, end }) => !/\d/.test(text.slice(start, end)))
  const heavy = words.filter(({ start, end }) => {
    const word = text.slice(start, end).toLowerCase()
    return !asking.has(word) && !asides.has(word)
  })
  return (heavy.length > 0 ? heavy : words).map(({ terms, start }) => {
    const all = new Set([...terms, ...(others.get(start) ?? [])])
    return all.union(alike(all))
  })
}

function termsOf(text: string): Set<string> {
  return new Set([...tokens(text, 'fr'), ...tokens(text, 'en')].flatMap(({ terms }) => terms))
}

function shareOf(words: readonly Set<string>[], terms: ReadonlySet<string>): number {
  if (words.length === 0) return 1
  return words.filter((word) => !word.isDisjointFrom(terms)).length / words.length
}
