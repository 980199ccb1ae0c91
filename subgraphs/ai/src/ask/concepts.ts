import { tokens } from '@passerelle/platform/text'
import { isEnglish } from './abstention.ts'

/** One thing a question asks about: the terms under which a text may hold it. */
export interface Concept {
  terms: Set<string>
  /** A number, a reference or a name: an answer about another one is no answer. */
  specific: boolean
}

/** The things a question asks about, read after the rules of its language, and found in texts of either. */
export function conceptsOf(question: string): Concept[] {
  const [own, other] = isEnglish(question) ? (['en', 'fr'] as const) : (['fr', 'en'] as const)
  const alternatives = new Map(tokens(question, other).map((token) => [token.start, token.terms]))
  const concepts = new Map<string, Concept>()
  for (const { terms, start, end } of tokens(question, own)) {
    const printed = question.slice(start, end)
    const specific = /\d/.test(printed) || (start > 0 && /^\p{Lu}/u.test(printed) && !/[.?!]\s*$/.test(question.slice(0, start)))
    concepts.set(terms.join(' '), { terms: new Set([...terms, ...(alternatives.get(start) ?? [])]), specific })
  }
  return [...concepts.values()]
}

/** The terms of a text, in whichever of the two languages it is. */
export function termsOf(text: string): Set<string> {
  return new Set([...tokens(text, 'fr'), ...tokens(text, 'en')].flatMap((token) => token.terms))
}

export function holds(terms: ReadonlySet<string>, concept: Concept): boolean {
  for (const term of concept.terms) if (terms.has(term)) return true
  return false
}
