import { sentences } from '@passerelle/platform/text'
import type { Draft } from './ask.ts'
import type { Citer } from './cite.ts'
import { conceptsOf, holds, termsOf, type Concept } from './concepts.ts'
import { fits } from './expected.ts'
import type { Passage } from './retrieval.ts'

/** Below these shares of the question, what was found is not an answer to it. */
const enough = { passage: 0.55, sentence: 0.2 }
/** How much of a sentence's score comes from itself, from its neighbourhood, from its form and from the rank of its passage. */
const parts = { own: 0.55, around: 0.25, form: 0.12, rank: 0.08 }
/** A second or third sentence is given when it is nearly as good as the best. */
const near = 0.92
const most = 3

interface Candidate {
  passage: Passage
  text: string
  own: number
  score: number
}

/** Answers with the sentences of the sources that hold most of the question, word for word; with none when they do not hold it. */
export async function extract({ request, passages, citer, emit }: { request: { question: string }; passages: readonly Passage[]; citer: Citer; emit: (text: string) => void }): Promise<Draft> {
  const chosen = choose(request.question, passages)
  const answered: Draft['sentences'] = []
  for (const { passage, text, score } of chosen) {
    const words = text.replaceAll(/\s+/g, ' ')
    emit(answered.length > 0 ? ` ${words}` : words)
    answered.push({ text: words, supported: true, citations: [await citer.cite(passage, text, Math.min(1, score))] })
  }
  return { sentences: answered, mode: 'EXTRACTIVE', model: null }
}

/** The sentences to answer with, best first; none when the passages do not hold the answer. */
export function choose(question: string, passages: readonly Passage[]): Candidate[] {
  const concepts = conceptsOf(question)
  if (concepts.length === 0) return []
  const texts = passages.map((passage) => ({ passage, terms: termsOf(`${passage.title}\n${passage.text}`), sentences: readSentences(passage.text) }))
  const weigh = createWeights(concepts, texts.flatMap((text) => text.sentences.map((sentence) => sentence.terms)))
  if (concepts.some((concept) => concept.specific && /\d/.test([...concept.terms].join('')) && !texts.some(({ terms }) => holds(terms, concept)))) return []
  const candidates = texts.flatMap(({ passage, terms, sentences: read }, rank) => {
    if (weigh(terms) < enough.passage) return []
    return read.map(({ text, terms: own }, index) => {
      const around = new Set([...terms, ...(read[index - 1]?.terms ?? []), ...(read[index + 1]?.terms ?? [])])
      const covered = weigh(own)
      const score = parts.own * covered + parts.around * weigh(around) + parts.form * fits(question, text) + parts.rank / (rank + 1)
      return { passage, text, own: covered, score }
    })
  })
  const ranked = candidates.filter(({ own }) => own >= enough.sentence).sort((a, b) => b.score - a.score)
  const best = ranked[0]
  return best ? ranked.filter(({ score }) => score >= best.score * near).slice(0, most) : []
}

function readSentences(text: string): { text: string; terms: Set<string> }[] {
  return sentences(text).map((sentence) => ({ text: sentence.text, terms: termsOf(sentence.text) }))
}

/** Share of the question that a set of terms holds: what few sentences hold weighs most, and a name or number twice. */
function createWeights(concepts: readonly Concept[], all: readonly ReadonlySet<string>[]): (terms: ReadonlySet<string>) => number {
  const weights = concepts.map((concept) => {
    const found = Math.max(1, all.filter((terms) => holds(terms, concept)).length)
    return Math.log(1 + (all.length - found + 0.5) / (found + 0.5)) * (concept.specific ? 2 : 1) + 0.1
  })
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return (terms) => concepts.reduce((sum, concept, index) => sum + (holds(terms, concept) ? (weights[index] ?? 0) : 0), 0) / total
}
