import { fold } from '../extractive/folding.ts'

/** The days, numbers and references that a text prints, each in one form however it is printed. */
export interface Exact {
  days: Set<string>
  numbers: Set<string>
  /** Letters and digits alone, where long numbers and references are looked for. */
  signs: string
}

const months =
  'janvier|january|fevrier|february|mars|march|avril|april|mai|may|juin|june|juillet|july|aout|august|septembre|september|octobre|october|novembre|november|decembre|december'
const monthNames = months.split('|')
const numberWords: Record<string, string> = Object.fromEntries(
  [
    'un une one',
    'deux two',
    'trois three',
    'quatre four',
    'cinq five',
    'six six',
    'sept seven',
    'huit eight',
    'neuf nine',
    'dix ten',
    'onze eleven',
    'douze twelve',
  ].flatMap((words, index) => words.split(' ').map((word) => [word, String(index + 1)])),
)

const numericDay = /\b(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\b/g
const isoDay = /\b(\d{4})-(\d{2})-(\d{2})\b/g
const writtenDay = new RegExp(`\\b(\\d{1,2})(?:er|st|nd|rd|th)? (?:of )?(${months}),? (\\d{4})\\b`, 'g')
const englishDay = new RegExp(`\\b(${months}) (\\d{1,2})(?:st|nd|rd|th)?,? (\\d{4})\\b`, 'g')
const reference = /\b(?=[a-z0-9/_-]*\d)(?=[a-z0-9/_-]*[a-z/_-])[a-z0-9]+(?:[/_-][a-z0-9]+)*\b/g
const number = /\d{1,3}(?:[ .]\d{3})+(?!\d)(?:,\d+)?|\d+(?:[.,]\d+)?/g
/** Digits from which a number is looked for as a reference is: an IBAN is printed in groups. */
const long = 5

/** Reads what a text prints exactly. */
export function exactOf(text: string): Exact {
  const folded = fold(text)
  const days = new Set<string>()
  const keep = (year: string, month: number, day: string): string => {
    days.add(`${year}-${String(month).padStart(2, '0')}-${day.padStart(2, '0')}`)
    return ' '
  }
  const monthOf = (name: string): number => Math.floor(monthNames.indexOf(name) / 2) + 1
  const rest = folded
    .replaceAll(isoDay, (_all, year: string, month: string, day: string) => keep(year, Number(month), day))
    .replaceAll(numericDay, (_all, day: string, month: string, year: string) => keep(year, Number(month), day))
    .replaceAll(writtenDay, (_all, day: string, month: string, year: string) => keep(year, monthOf(month), day))
    .replaceAll(englishDay, (_all, month: string, day: string, year: string) => keep(year, monthOf(month), day))
  const numbers = new Set((rest.match(number) ?? []).map(toNumber))
  for (const word of rest.match(/[a-z]+/g) ?? []) if (numberWords[word]) numbers.add(numberWords[word])
  return { days, numbers, signs: folded.replaceAll(/[^a-z0-9]/g, '') }
}

/** Whether the source prints every day, number and reference of the text; a number may be printed as a word. */
export function printsAll(text: string, source: Exact): boolean {
  const { days } = exactOf(text)
  if ([...days].some((day) => !source.days.has(day))) return false
  const rest = fold(text)
    .replaceAll(isoDay, ' ')
    .replaceAll(numericDay, ' ')
    .replaceAll(writtenDay, ' ')
    .replaceAll(englishDay, ' ')
  const references = rest.match(reference) ?? []
  if (references.some((printed) => !source.signs.includes(printed.replaceAll(/[^a-z0-9]/g, '')))) return false
  return (rest.replaceAll(reference, ' ').match(number) ?? []).every((printed) => {
    const digits = printed.replaceAll(/\D/g, '')
    return source.numbers.has(toNumber(printed)) || (digits.length >= long && source.signs.includes(digits))
  })
}

/** Whether a text prints anything exact at all. */
export function isExact(text: string): boolean {
  return /\d/.test(text)
}

/** "1 532,20", "1.532,20" and "1532.2" are one number. */
function toNumber(printed: string): string {
  const grouped = printed.replaceAll(/[ .](?=\d{3}(?:\D|$))/g, '')
  const [whole = '', fraction = ''] = grouped.replace(',', '.').split('.')
  const decimals = fraction.replace(/0+$/, '')
  return decimals === '' ? whole : `${whole}.${decimals}`
}
