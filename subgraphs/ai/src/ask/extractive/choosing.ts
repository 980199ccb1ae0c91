import type { Passage } from '../passage.ts'
import { partsOf, type Question } from './question.ts'
import { rank, type Candidate } from './ranking.ts'
import { readSource } from './source.ts'
import type { Span } from './lines.ts'

/** Words of a passage that answer. */
export interface Quotation {
  passage: Passage
  spans: Span[]
  /** As it is printed, without the gaps of tables and the ends of lines. */
  text: string
  /** 0 to 1: how often a quotation of this quality holds the answer (bench/src/ask.ts). */
  confidence: number
}

/** Below this quality, what was found is no answer; what a form vouches for starts higher, so it must reach higher. */
const enough = { ofForm: 0.46, open: 0.42 }
/** A second or third quotation is given when it is this nearly as good as the best. */
const nearly = 0.985
const most = 3

/** The words to answer with, best first; none when the passages do not hold the answer. Who asks two things is answered twice. */
export function choose(question: Question, passages: readonly Passage[]): Quotation[] {
  const sources = passages.map(readSource)
  const chosen: Candidate[] = []
  for (const part of partsOf(question)) {
    if (part.concepts.length === 0) continue
    const least = part.form ? enough.ofForm : enough.open
    const [best, ...others] = rank(part, sources).filter(({ quality }) => quality >= least)
    const close = others.filter(({ score }) => score >= (best?.score ?? 0) * nearly)
    for (const candidate of best ? [best, ...close] : []) {
      if (chosen.length < most && !chosen.some((other) => repeats(candidate, other))) chosen.push(candidate)
    }
  }
  return chosen.map((candidate) => ({
    passage: candidate.source.passage,
    spans: candidate.statement.spans,
    text: quote(candidate),
    confidence: toConfidence(candidate.quality),
  }))
}

function repeats(a: Candidate, b: Candidate): boolean {
  const overlaps = a.statement.spans.some((one) =>
    b.statement.spans.some((two) => one.start < two.end && two.start < one.end),
  )
  if (a.source === b.source && overlaps) return true
  const [one, two] = [letters(quote(a)), letters(quote(b))]
  return one.includes(two) || two.includes(one)
}

function letters(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')
}

function quote({ source, statement }: Candidate): string {
  return statement.spans.map((span) => quoteSpan(source.passage, span)).join(' ')
}

/** The words of a stretch as they are read: words torn at the end of a line put together, gaps closed. */
export function quoteSpan({ text }: Passage, { start, end }: Span): string {
  const words = text.slice(start, end).replaceAll(/(?<=\p{Ll})-[^\S\n]*\n\s*(?=\p{Ll})/gu, '')
  return words.replaceAll(/\s+/g, ' ')
}

/** Fitted to the evaluation: half of what is barely enough is right, nearly all of what answers everything. */
function toConfidence(quality: number): number {
  return 1 / (1 + Math.exp(2.4 - 5.5 * Math.min(1.1, quality)))
}
