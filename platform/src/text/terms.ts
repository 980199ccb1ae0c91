import { findIdentifiers } from '../identifiers/identifiers.ts'
import { stem } from './stemming.ts'
import { stopWords } from './stop-words.ts'

/** Languages that have an analysis of their own. */
export type Language = 'fr' | 'en'

/** Characters of a text and the terms under which they are found. */
export type Token = { terms: string[]; start: number; end: number }

const word = String.raw`[\p{L}\p{N}][\p{L}\p{N}\p{M}]*`
const thousands = String.raw`(?<![\p{L}\p{N}.,])\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:[,.]\d+)?(?![\p{L}\p{N}])`
const token = new RegExp(String.raw`${thousands}|${word}(?:(?:['’ʼ.\-/&_\u2010\u2011]|(?<=\d),(?=\d))${word})*`, 'gu')
const elision = /^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)$/
const frenchDate = /^([0-3]\d)[-./]([01]\d)[-./]((?:19|20)\d\d)$/
const longestWhole = 64

function fold(text: string): string {
  const lower = text.toLowerCase()
  return /^[\x00-\x7f]*$/.test(lower)
    ? lower
    : lower
        .normalize('NFKD')
        .replace(/\p{M}+/gu, '')
        .replace(/œ/g, 'oe')
        .replace(/æ/g, 'ae')
}

function toTerm(part: string, language: Language): string[] {
  if (/\d/.test(part)) return [part.slice(0, longestWhole)]
  return part.length < 2 || stopWords[language].has(part) ? [] : [stem(part, language)]
}

/** "2024-5738" is found as a whole, written together, and by its parts; a date also the way ISO writes it. */
function numberTerms(folded: string, parts: string[]): string[] {
  const whole = parts.join('')
  const terms = parts.length > 1 ? parts.map((part) => part.slice(0, longestWhole)) : []
  if (whole.length <= longestWhole || parts.length === 1) terms.push(whole.slice(0, longestWhole))
  const [, day, month, year] = frenchDate.exec(folded) ?? []
  if (day && month && year) terms.push(year + month + day)
  const amount = /\s(\d{3})[,.](\d+)$/.exec(folded)
  if (amount) terms.push(`${amount[1]}${amount[2]}`)
  return terms
}

function wordTerms(parts: string[], language: Language): string[] {
  const kept = parts.filter((part, index) => !(index < parts.length - 1 && elision.test(part)))
  const [first = '', ...rest] = kept
  // "e-mail" and "email" are one word; "carrier's" is the carrier.
  if (first.length === 1 && rest.length === 1) return toTerm(first + rest[0], language)
  return kept.flatMap((part) => toTerm(part, language))
}

function termsOf(printed: string, language: Language): string[] {
  const folded = fold(printed)
  const parts = folded.split(/[^\p{L}\p{N}]+/u).filter(Boolean)
  return /\d/.test(folded) ? numberTerms(folded, parts) : wordTerms(parts, language)
}

function identifierTokens(text: string): Token[] {
  if (!/\d/.test(text)) return []
  return findIdentifiers(text).flatMap(({ kind, key, printed, start, end, derivedFrom }) => {
    const term = fold(key).replace(/[^a-z0-9]+/g, '')
    const alreadyWhole = !/\s/.test(printed) && term === fold(printed).replace(/[^a-z0-9]+/g, '')
    return derivedFrom || kind === 'EMAIL' || alreadyWhole ? [] : [{ terms: [term], start, end }]
  })
}

/**
 * The tokens of a text in the order of their places, with their terms: lower case, without accents, stop words dropped, stemmed
 * after French or English rules. What is in neither language is read as French. Numbers and references keep every digit; an
 * identifier printed in groups also has its normalised key as a term.
 */
export function tokens(text: string, language: Language | null): Token[] {
  const rules = language ?? 'fr'
  const found: Token[] = identifierTokens(text)
  for (const match of text.matchAll(token)) {
    const terms = termsOf(match[0], rules)
    if (terms.length > 0) found.push({ terms, start: match.index, end: match.index + match[0].length })
  }
  return found.sort((left, right) => left.start - right.start)
}

/** The terms under which a text is found, repeated as often as they occur. See `tokens` for what becomes a term. */
export function analyse(text: string, language: Language | null): string[] {
  return tokens(text, language).flatMap(({ terms }) => terms)
}

/** The terms of a text with their frequencies, as the search index wants them. */
export function termFrequencies(text: string, language: Language | null): Map<string, number> {
  const frequencies = new Map<string, number>()
  for (const term of analyse(text, language)) frequencies.set(term, (frequencies.get(term) ?? 0) + 1)
  return frequencies
}

/** The language whose little words a text uses, when it uses those of one only. */
function spokenLanguage(text: string): Language | null {
  const words = fold(text).match(/[a-z]+/g) ?? []
  const french = words.some((word) => stopWords.fr.has(word) && !stopWords.en.has(word))
  const english = words.some((word) => stopWords.en.has(word) && !stopWords.fr.has(word))
  return french === english ? null : french ? 'fr' : 'en'
}

const group = /[\p{L}\p{N}]+/gu
const fewestDigits = 6

/**
 * Numbers typed in groups, written together: "3401 2345 6123 4567 84" and "MSCU 123456 7" as one. A text that prints them in one piece, or in
 * other groups, has them as one term; short words right before and behind belong to a number or do not, so both are asked for.
 */
function joinedNumbers(text: string): string[] {
  const runs: { printed: string; end: number }[][] = [[]]
  for (const { 0: printed, index } of text.matchAll(group)) {
    const run = runs.at(-1) ?? []
    const close = /^[\s.\-/]$/.test(text.slice(run.at(-1)?.end ?? 0, index))
    const fits = /\d/.test(printed) || (printed.length <= 4 && !stopWords.fr.has(printed) && !stopWords.en.has(printed))
    const next = { printed, end: index + printed.length }
    if (fits && (close || run.length === 0)) run.push(next)
    else runs.push(fits ? [next] : [])
  }
  return runs.flatMap((run) => joined(run.map(({ printed }) => printed)))
}

function joined(groups: readonly string[]): string[] {
  const first = groups.findIndex((each) => /\d/.test(each))
  const last = groups.findLastIndex((each) => /\d/.test(each))
  const ends = [
    [first, last],
    [first - 1, last],
    [first - 1, last + 1],
  ] as const
  return ends.flatMap(([from, to]) => {
    if (from < 0 || to >= groups.length || from === to) return []
    const whole = groups.slice(from, to + 1).join('')
    const digits = whole.replace(/\D/g, '').length
    return whole.length <= longestWhole && (digits >= fewestDigits || (to > last && digits >= 3)) ? [whole] : []
  })
}

const englishEnding = /^[a-z]{2,}(?:ies|ing|ed|[^aeiou]y|ness|ful)$/

/** Words of a French question that end as English ones do ("comment suivre ma delivery"), after English rules. */
function maybeEnglish(folded: string): string[] {
  const words = folded.match(/[a-z]+/g) ?? []
  return words.flatMap((word) =>
    englishEnding.test(word) && !stopWords.fr.has(word) && !stopWords.en.has(word) ? [stem(word, 'en')] : [],
  )
}

/**
 * The terms of a question, each once. Where its little words do not tell the language, as in "palettes Nantes", it is read after the
 * rules of both: the terms of the language that a document does not have find nothing in it. Numbers typed in groups are asked for as one too.
 */
export function analyseQuery(text: string): string[] {
  const language = spokenLanguage(text)
  const terms = language ? analyse(text, language) : [...analyse(text, 'fr'), ...analyse(text, 'en')]
  const folded = fold(text)
  return [...new Set([...terms, ...(language === 'fr' ? maybeEnglish(folded) : []), ...joinedNumbers(folded)])]
}
