import { tokens } from '@passerelle/platform/text'
import { isEnglish } from '../abstention.ts'
import { fold } from './folding.ts'
import { formOf } from './asked-form.ts'
import type { Form } from './forms.ts'
import type { Span } from './lines.ts'
import { alike, otherWordsFor } from './synonyms.ts'
import { trade, type TradeTerm } from './trade/trade.ts'
import { asides, asking, hollow, kinds } from './words.ts'

/**
 * What a part of a question does. A topic is what is asked; a reference or a name tells which document or whose; a kind is the sort of
 * document; an aside is a word that the form of the answer already stands for.
 */
export type Role = 'topic' | 'reference' | 'name' | 'kind' | 'aside'

/** One thing a question is about, and how texts may say it. */
export interface Concept {
  role: Role
  /** Terms of the text index, of both languages. */
  terms: ReadonlySet<string>
  /** Terms of words that say the same. */
  alike: ReadonlySet<string>
  /** Patterns of folded text, the surest first: those of a thing of the trade, or of a reference. */
  said: readonly RegExp[]
  /** True for the noun that is asked for, as the captain in "who is the captain". */
  head: boolean
  /** As the question prints it. */
  printed: string
}

/** A question as far as its words tell. */
export interface Question {
  text: string
  concepts: Concept[]
  form: Form | null
  /** Other words for the things of the trade in it, of both languages, to search for; empty when there are none. */
  otherWords: string
}

/** Reads a question after the rules of its language; what it is about is found in texts of either. */
export function readQuestion(text: string): Question {
  const folded = fold(text)
  const found = findTrade(folded)
  const concepts = new Map<string, Concept>()
  for (const { term, start, end } of found)
    concepts.set(term.asked.source, toTradeConcept(term, text.slice(start, end)))
  for (const word of wordsOf(text, folded)) {
    if (word.role === 'reference' || !found.some((part) => swallows(folded, part, word)))
      concepts.set(word.printed, word)
  }
  return {
    text,
    concepts: [...concepts.values()],
    form:
      formOf(fold(text.replaceAll(/(?<!\p{L})où(?!\p{L})/giu, 'where'))) ??
      found.find(({ term }) => term.form)?.term.form ??
      null,
    otherWords: [
      ...new Set([
        ...found.map(({ term }) => term.find),
        ...[...concepts.values()].flatMap(({ role, terms }) => (role === 'topic' ? otherWordsFor(terms) : [])),
      ]),
    ]
      .join(' ')
      .trim(),
  }
}

const another =
  /\s+(?:et|and|ainsi que)\s+(?=(?:à |de |d['’]|en |sur |pour |at |on |in )?(?:quel|quand|où|combien|qui|comment|pourquoi|what|when|where|how|who|which|why))/iu

/** The questions that one sentence asks: "how much is it, and when is it due" are two, about the same paper. */
export function partsOf(question: Question): Question[] {
  const [first = '', ...others] = question.text.split(another)
  if (others.length === 0) return [question]
  const whole = readQuestion(first)
  const subject = whole.concepts
    .filter(({ role }) => role === 'reference' || role === 'name')
    .map(({ printed }) => printed)
  return [whole, ...others.map((part) => readQuestion([part, ...subject].join(' ')))]
}

interface Found extends Span {
  term: TradeTerm
}

/** The things of the trade in a question; one named inside a longer one is that one. */
function findTrade(folded: string): Found[] {
  const all = trade.flatMap((term) =>
    [...folded.matchAll(term.asked)].map((match) => ({ term, start: match.index, end: match.index + match[0].length })),
  )
  return all.filter((part) => !all.some((other) => isInside(part, other)))
}

function isInside(part: Span, other: Span): boolean {
  return other.start <= part.start && part.end <= other.end && other.end - other.start > part.end - part.start
}

/** Words of a turn of the trade that stand for nothing else. */
const longestTurn = 4

/** A thing of the trade stands for its words; of a long turn only for the first and the last: what stands between is asked as well. */
function swallows(folded: string, part: Found, { start, end }: Span): boolean {
  if (part.start >= end || start >= part.end) return false
  const words = folded.slice(part.start, part.end).match(/[a-z0-9]+/g) ?? []
  return words.length <= longestTurn || start <= part.start + 2 || end >= part.end
}

function toTradeConcept({ said }: TradeTerm, printed: string): Concept {
  return { role: 'topic', terms: new Set(), alike: new Set(), said, head: false, printed }
}

function wordsOf(text: string, folded: string): (Concept & Span)[] {
  const [own, other] = isEnglish(text) ? (['en', 'fr'] as const) : (['fr', 'en'] as const)
  const spoken = text.replaceAll(hollow, (part) => ' '.repeat(part.length))
  const alternatives = new Map(tokens(spoken, other).map((token) => [token.start, token.terms]))
  const head = headOf(folded)
  const counted = countedPattern.test(folded) ? head : -1
  return tokens(spoken, own).flatMap(({ terms, start, end }): (Concept & Span)[] => {
    const word = folded.slice(start, end).replace(/^(?:[cdjlmnst]|qu)'/, '')
    if (asking.has(word)) return []
    const role = start === counted && kinds.has(word) ? 'topic' : roleOf(text, { start, end, word })
    const place = { start, end, printed: text.slice(start, end), head: start === head }
    if (role === 'reference')
      return [{ ...place, role, terms: new Set(), alike: new Set(), said: [referencePattern(word)] }]
    const all = new Set([...terms, ...(alternatives.get(start) ?? [])])
    return [{ ...place, role, terms: all, alike: role === 'topic' ? alike(all) : new Set(), said: [] }]
  })
}

function roleOf(text: string, { start, end, word }: Span & { word: string }): Role {
  if (/\d/.test(word)) return /\d{3}|[a-z].*\d|\d.*[a-z]/.test(word) ? 'reference' : 'topic'
  if (kinds.has(word)) return 'kind'
  if (asides.has(word)) return 'aside'
  const printed = text.slice(start, end).replace(/^\p{L}{1,2}['’]/u, '')
  const first = /(?:^|[.?!:(«“"])\s*$/.test(text.slice(0, start))
  return !first && /^\p{Lu}/u.test(printed) && !/^\p{Lu}{2,4}$/u.test(printed) ? 'name' : 'topic'
}

/** What comes before the word that is asked for: the captain in "who is the captain", founded in "who founded". */
const beforeHead = [
  "(?:quel(?:le)?s?|what|which|who|qui) (?:est|sont|is|are|etait|was|were) (?:le |la |les |l'|the )",
  "quel(?:le)?s? |which |combien d[e'] ?|how many ",
  'qui (?!est |sont |etait )(?:a |ont |va |doit |peut )?|who (?!is |are |was |were )(?:has |will |must |can )?',
]
const headPattern = new RegExp(`\\b(?:${beforeHead.join('|')})(?=[a-z])`)

const countedPattern = /\bcombien d[e'] ?|\bhow many /

/** Where the word stands that is asked for; -1 when the question does not ask so. */
function headOf(folded: string): number {
  const asked = headPattern.exec(folded)
  return asked ? asked.index + asked[0].length - (asked[0].endsWith("l'") ? 2 : 0) : -1
}

/** A reference is the same with other signs between its parts, and is no other one that holds it. */
function referencePattern(word: string): RegExp {
  const signs = word.replaceAll(/[^a-z0-9]/g, '').slice(0, 60)
  return new RegExp(`(?<![a-z0-9])${[...signs].join('[ ./_-]{0,3}')}(?![a-z0-9])`, 'g')
}
