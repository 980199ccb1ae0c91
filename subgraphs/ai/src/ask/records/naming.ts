import { nameKey } from '@passerelle/platform/identifiers'
import type { RecordKind } from '../../conversations/answer.ts'
import { fold } from '../extractive/folding.ts'
import type { Question } from '../extractive/question.ts'
import type { SourceRecord } from './reading.ts'

/** The words by which people call a kind of record; they tell which kind is meant, and never which one. */
const kindWords: Record<RecordKind, RegExp> = {
  SHIPMENT: /^(?:expeditions?|envois?|colis|shipments?|parcels?|livraisons?|deliver(?:y|ies)|cmr|suivi|tracking)$/,
  CLIENT: /^(?:clients?|clientes?|customers?|societes?|compan(?:y|ies)|entreprises?|proprietaires?|owners?)$/,
  PROPERTY: /^(?:biens?|propert(?:y|ies)|logements?|appartements?|flats?|maisons?|house|gites?|residences?)$/,
}
/** Words of papers: who names one asks the paper, not the record. */
const papers =
  /^(?:factures?|invoices?|bills?|avoirs?|bons?|bordereaux?|lettres?|documents?|contrats?|contracts?|livrets?|guides?|mails?|messages?|devis|quotes?|reclamations?|claims?|complaints?)$/
const idle =
  /^(?:le|la|les|l|un|une|du|de|des|d|a|au|aux|en|et|est|sont|ou|quel|quelle|quels|quelles|qui|que|quand|comment|son|sa|ses|notre|nos|mon|ma|mes|leur|pour|chez|sur|dans|the|of|is|are|was|has|been|what|which|who|where|when|how|in|on|for|at|our|my|its|their|client|bien|est-ce|elle|il|t|ete|bien)$/

/** What a question names, for records to be looked for by it. */
export interface Naming {
  /** Folded and without the words that only ask. */
  text: string
  kind: RecordKind | null
  /** Whether the question is about a paper. */
  ofPaper: boolean
  /** What may name a record: numbers and words with the most telling first. */
  words: { word: string; isNumber: boolean; isName: boolean }[]
}

const mostWords = 5

/** Reads what a question names. `asking` is what it asks for: its words name nothing. */
export function namingOf({ text, concepts }: Question, asking: RegExp): Naming {
  const folded = fold(text)
  const tokens = folded.match(/[a-z0-9@][a-z0-9@._+/-]*/g) ?? []
  const bare = tokens.map((token) => token.replace(/[._/-]+$/, ''))
  const kind = (Object.keys(kindWords) as RecordKind[]).find((each) => bare.some((word) => kindWords[each].test(word)))
  const roles = new Map(concepts.map(({ printed, role }) => [nameKey(printed), role]))
  const words = bare.flatMap((word) => {
    const isNumber = /\d/.test(word) && word.replaceAll(/[^a-z0-9]/g, '').length >= 4
    const spoken =
      idle.test(word) || asking.test(word) || Object.values(kindWords).some((pattern) => pattern.test(word))
    if (word.length < 3 || (spoken && !isNumber)) return []
    return [{ word, isNumber, isName: roles.get(word) === 'name' }]
  })
  const telling = (each: (typeof words)[number]): number => Number(each.isNumber) * 2 + Number(each.isName)
  return {
    text: folded,
    kind: kind ?? null,
    ofPaper: bare.some((word) => papers.test(word)),
    words: words.toSorted((a, b) => telling(b) - telling(a)).slice(0, mostWords),
  }
}

/** How surely a question means a record: 1 when it prints its number or its whole name, less when a part, 0 when it does not. */
export function meaningOf({ text, words, kind }: Naming, record: SourceRecord): number {
  if (record.names.some((name) => printsNumber(text, name))) return 1
  const numbers = words.filter(({ isNumber }) => isNumber)
  // A number that is not the record's means another one.
  if (numbers.length > 0)
    return numbers.every(({ word }) => record.names.some((name) => printsNumber(fold(name), word))) ? 0.9 : 0
  if (record.kind === 'SHIPMENT') return 0
  const own = nameKey(record.title)
    .split(' ')
    .filter((word) => word.length > 1)
  const asked = new Set(nameKey(text).split(' '))
  const said = own.filter((word) => asked.has(word))
  if (said.length === 0) return 0
  const named = words.some(({ word, isName }) => isName && own.includes(nameKey(word)))
  // One common word alone means nobody, unless it is written as a name or the question says that it asks of such a record.
  if (said.length === own.length && (own.length > 1 || named || kind === record.kind)) return 1
  return (named || kind === record.kind) &&
    words.every(({ word }) =>
      nameKey(word)
        .split(' ')
        .every((part) => own.includes(part)),
    )
    ? 0.8
    : 0
}

/** Whether a folded text prints a number or a reference, however it is grouped, and no longer one that holds it. */
function printsNumber(text: string, printed: string): boolean {
  const signs = fold(printed).replaceAll(/[^a-z0-9@]/g, '')
  if (signs.length < 4 || !/[\d@]/.test(signs)) return false
  const pattern = [...signs].join('[ ()._/-]{0,3}')
  return new RegExp(`(?<![a-z0-9])${pattern}(?![a-z0-9])`).test(text)
}
