import { sentences } from '@passerelle/platform/text'
import { conceptsOf, holds, termsOf } from './concepts.ts'

/** Share of what a sentence says that the text says too, 0 to 1. */
export function supportOf(sentence: string, text: string): number {
  const concepts = conceptsOf(sentence)
  if (concepts.length === 0) return 0
  const terms = termsOf(text)
  return concepts.filter((concept) => holds(terms, concept)).length / concepts.length
}

/** The sentence of the text that says most of it. */
export function bestSentence(sentence: string, text: string): string {
  let best = { text, support: -1 }
  for (const candidate of sentences(text)) {
    const support = supportOf(sentence, candidate.text)
    if (support > best.support) best = { text: candidate.text, support }
  }
  return best.text
}
