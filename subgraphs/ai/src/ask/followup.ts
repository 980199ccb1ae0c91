import { readQuestion, type Role } from './extractive/question.ts'
import type { Turn } from './turns.ts'

const goesOn = /^(?:et|mais|puis|and|but|what about|how about)\b/i
/** Words that stand for something said before. */
const refersBack =
  /(?<!\p{L})(?:son|sa|ses|leur|leurs|celui-ci|celle-ci|ceux-ci|elle|lui|its|their|his|her|it|they|that one|this one|cette? (?:m[êe]me )?(?:facture|avoir|bon|livraison|document|envoi|contrat|colis|client)|(?:this|that) (?:invoice|delivery|document|shipment|contract|parcel))(?!\p{L})/iu
/** How many turns are looked back. */
const mostTurns = 6

/**
 * The question with what it leaves unsaid because it was said before: "et pour la facture FA-12 ?" asks the same of another document,
 * "et son échéance ?" something else of the same. A question that says everything itself is left as it is.
 */
export function completeQuestion(question: string, turns: readonly Turn[]): string {
  const asked = turns.filter(({ role }) => role === 'user').slice(-mostTurns)
  let before: string | null = null
  for (const { text } of asked) before = complete(text, before)
  return complete(question, before)
}

function complete(question: string, before: string | null): string {
  const back = goesOn.test(question.trim()) || refersBack.test(question)
  if (!before || !back) return question
  const own = partsOf(question)
  const previous = partsOf(before)
  if (own.subject.length > 0 && own.topic.length === 0) return `${without(before, [...previous.subject])} ${question}`
  if (own.subject.length === 0 && previous.subject.length > 0) return `${question} (${previous.subject.join(' ')})`
  return question
}

/** What a question names (references and names) and what it asks of it. */
function partsOf(question: string): { subject: string[]; topic: string[] } {
  const { concepts } = readQuestion(question)
  const printed = (...roles: Role[]) =>
    concepts.filter(({ role }) => roles.includes(role)).map((concept) => concept.printed)
  return { subject: printed('reference', 'name'), topic: printed('topic', 'aside') }
}

function without(text: string, parts: readonly string[]): string {
  return parts.reduce((rest, part) => rest.replace(part, ''), text)
}
