import { bonuses, fits } from './fitting.ts'
import { forms, tellingForms } from './forms.ts'
import type { Concept, Question, Role } from './question.ts'
import type { Sighting, Source } from './source.ts'
import type { Span } from './lines.ts'
import type { Statement } from './statement.ts'
import { isWithin, strongest, weigh, type Weighing } from './weighing.ts'

/** A statement that may answer, and how well. */
export interface Candidate {
  source: Source
  statement: Statement
  /** How much of what is asked it answers, about 0 to 1. */
  quality: number
  /** Orders the candidates: of equal answers the one that says it itself, shortest, in the passage found first. */
  score: number
}

/** How much a concept counts that stands beside the statement, elsewhere in its passage, or elsewhere in its document. */
const reach: Record<Role, { near: number; passage: number; document: number }> = {
  topic: { near: 0.65, passage: 0.15, document: 0.1 },
  aside: { near: 0.7, passage: 0.4, document: 0.3 },
  name: { near: 1, passage: 0.8, document: 0.7 },
  reference: { near: 1, passage: 1, document: 1 },
  kind: { near: 1, passage: 0.9, document: 0.8 },
}
/** What it costs when the document does not know a name, a thing of the trade or another word at all, or the statement the noun asked for. */
const penalties = { name: 0.5, trade: 0.3, word: 0.15, head: 0.18 }
/** What counts between statements of equal quality. */
const order = { own: 0.25, bare: 0.24, size: 0.015, perCharacter: 0.0003, longest: 400, first: 0.04, firstOfOpen: 0.3 }

/** All statements of the sources that may answer the question, best first. */
export function rank(question: Question, sources: readonly Source[]): Candidate[] {
  const weighing = weigh(question.concepts, sources)
  const candidates = sources.flatMap((source, place) => {
    if (isAboutSomethingElse(question.concepts, weighing.holdings[place] ?? [])) return []
    const view = lookAt(question, { source, weighing, place })
    return source.statements.flatMap((statement) => judge(statement, view) ?? [])
  })
  return candidates.sort((a, b) => b.score - a.score)
}

/** A document that lacks a reference, or most of the names, of the question. */
function isAboutSomethingElse(concepts: readonly Concept[], holdings: readonly number[]): boolean {
  const of = (role: Role) => concepts.flatMap((concept, index) => (concept.role === role ? [holdings[index] ?? 0] : []))
  const names = of('name')
  return of('reference').includes(0) || names.filter((held) => held === 0).length > names.length / 2
}

/** A source as the question sees it. */
interface View {
  question: Question
  source: Source
  /** Its place among the passages found, from 0. */
  place: number
  weights: readonly number[]
  total: number
  holdings: readonly number[]
  sightings: readonly (readonly Sighting[])[]
  /** 1 for each character that the question says too. */
  repeated: Uint8Array
  /** What has the form that is asked for, without the references of the question. */
  values: readonly Span[]
}

function lookAt(
  question: Question,
  { source, weighing, place }: { source: Source; weighing: Weighing; place: number },
): View {
  const { weights, total } = weighing
  const sightings = weighing.sightings[place] ?? []
  const repeated = new Uint8Array(source.folded.length)
  for (const { start, end } of sightings.flat()) repeated.fill(1, start, end)
  const references = sightings.flatMap((found, index) => (question.concepts[index]?.role === 'reference' ? found : []))
  const pattern = question.form && question.form !== 'name' ? forms[question.form] : null
  const values = (pattern ? [...source.folded.matchAll(pattern)] : [])
    .map((match) => ({ start: match.index, end: match.index + match[0].length }))
    .filter((value) => !references.some(({ start, end }) => start < value.end && value.start < end))
  return {
    question,
    source,
    place,
    weights,
    total,
    holdings: weighing.holdings[place] ?? [],
    sightings,
    repeated,
    values,
  }
}

function judge(statement: Statement, view: View): Candidate | null {
  const { question, source, sightings, weights, total } = view
  const { spans, size, bare } = statement
  if (!leads(statement, view) || !(statement.prose || says(statement, view))) return null
  const fit = fits({
    form: question.form,
    spans,
    given: view.values.filter((value) => isWithin(value, spans)),
    about: sightings.flat().filter((sighting) => isWithin(sighting, spans)),
    text: source.passage.text,
    folded: source.folded,
  })
  if (fit === null) return null
  const held = weights.map((weight, index) => {
    const stoodFor = question.concepts[index]?.role === 'aside' && fit >= bonuses.hard
    return weight * (stoodFor ? 1 : strongest(sightings[index] ?? [], spans))
  })
  if (!isAbout(question, held) && !(fit > 0 && tells(view))) return null
  const quality = coverage(statement, held, view) + fit
  const own = held.reduce((sum, weight) => sum + weight, 0) / total
  const length = Math.min(
    order.longest,
    spans.reduce((sum, { start, end }) => sum + end - start, 0),
  )
  // Where no form tells an answer from other sentences, the search knows better which passage is meant.
  const first = question.form ? order.first : order.firstOfOpen
  const less = order.bare * bare + order.size * (size - 1) + order.perCharacter * length
  return { source, statement, quality, score: quality + order.own * own - less + first / (view.place + 1) }
}

/** Share of the question that the statement holds itself, beside it, or in its document; less for what nothing holds. */
function coverage(
  { near }: Statement,
  held: readonly number[],
  { question, sightings, weights, total, holdings }: View,
): number {
  let covered = 0
  for (const [index, concept] of question.concepts.entries()) {
    const weight = weights[index] ?? 0
    const own = held[index] ?? 0
    const seen = sightings[index] ?? []
    const away = reach[concept.role]
    const beside = strongest(seen, near)
    const elsewhere = Math.max(seen.length > 0 ? away.passage : 0, away.document * (holdings[index] ?? 0))
    covered += Math.max(own, weight * Math.max(away.near * beside, elsewhere))
    if ((holdings[index] ?? 0) === 0) covered -= weight * penaltyOf(concept)
    if (concept.head && concept.role === 'topic' && own === 0 && beside === 0) covered -= total * penalties.head
  }
  return covered / total
}

function penaltyOf({ role, said }: Concept): number {
  if (role === 'name') return penalties.name
  return role === 'topic' ? (said.length > 0 ? penalties.trade : penalties.word) : 0
}

/** A statement must say something of what is asked itself, not only of whom or in which document. */
function isAbout({ concepts }: Question, held: readonly number[]): boolean {
  const telling = (['topic', 'name', 'aside'] as const).find((role) =>
    concepts.some((concept) => concept.role === role),
  )
  return concepts.some((concept, index) => concept.role === telling && (held[index] ?? 0) > 0)
}

/** Whether the form says by itself what it is, in a document that knows everything that is asked about. */
function tells({ question: { form, concepts }, holdings }: View): boolean {
  if (!form || !tellingForms.has(form)) return false
  return concepts.every(({ role }, index) => role !== 'topic' || (holdings[index] ?? 0) > 0)
}

/** A label and its value answer when the label is about what is asked. */
function leads({ spans: [label, ...values] }: Statement, { question, sightings }: View): boolean {
  if (!label || values.length === 0) return true
  return question.concepts.some(
    ({ role }, index) => (role === 'topic' || role === 'name') && strongest(sightings[index] ?? [], [label]) > 0,
  )
}

const empty = /^(?:le|la|les|de|du|des|en|et|un|une|of|the|n|no|a|au|aux)$/

/** A line that only repeats the question says nothing; neither do the number of a box and what its label says in brackets. */
function says({ spans }: Statement, { source, repeated }: View): boolean {
  return spans.some(({ start, end }) => {
    const words = source.folded
      .slice(start, end)
      .replaceAll(/^\d{1,2}(?:-\d{1,2})?[.)]? |\([^)\d]*\)/g, (part) => ' '.repeat(part.length))
    return [...words.matchAll(/[a-z0-9@€%]{2,}|\d/g)].some(
      (word) => repeated[start + word.index] === 0 && !empty.test(word[0]),
    )
  })
}
