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

const month = `(?<month>${months})`
const dayPatterns = [
  /\b(?<year>\d{4})-(?<number>\d{2})-(?<day>\d{2})\b/g,
  /\b(?<day>\d{1,2})[/.-](?<number>\d{1,2})[/.-](?<year>\d{4})\b/g,
  new RegExp(`\\b(?<day>\\d{1,2})(?:er|st|nd|rd|th)? (?:of )?${month},? (?<year>\\d{4})\\b`, 'g'),
  new RegExp(`\\b${month} (?<day>\\d{1,2})(?:st|nd|rd|th)?,? (?<year>\\d{4})\\b`, 'g'),
]
const reference = /\b(?=[a-z0-9/_-]*\d)(?=[a-z0-9/_-]*[a-z/_-])[a-z0-9]+(?:[/_-][a-z0-9]+)*\b/g
const number = /\d{1,3}(?:[ .]\d{3})+(?!\d)(?:,\d+)?|\d+(?:[.,]\d+)?/g
/** Digits from which a number is looked for as a reference is: an IBAN is printed in groups. */
const long = 5

/** Reads what a text prints exactly. */
export function exactOf(text: string): Exact {
  const folded = fold(text)
  const { days, rest } = takeDays(folded)
  const numbers = new Set((rest.match(number) ?? []).map(toNumber))
  for (const word of rest.match(/[a-z]+/g) ?? []) if (numberWords[word]) numbers.add(numberWords[word])
  return { days, numbers, signs: folded.replaceAll(/[^a-z0-9]/g, '') }
}

/** Whether the source prints every day, number and reference of the text; a number may be printed as a word. */
export function printsAll(text: string, source: Exact): boolean {
  const { days, rest } = takeDays(fold(text))
  if (!days.isSubsetOf(source.days)) return false
  const references = rest.match(reference) ?? []
  if (references.some((printed) => !source.signs.includes(printed.replaceAll(/[^a-z0-9]/g, '')))) return false
  return (rest.replaceAll(reference, ' ').match(number) ?? []).every((printed) => {
    const digits = printed.replaceAll(/\D/g, '')
    return source.numbers.has(toNumber(printed)) || (digits.length >= long && source.signs.includes(digits))
  })
}

/** The days of a folded text as ISO writes them, and the text without them. */
function takeDays(folded: string): { days: Set<string>; rest: string } {
  const days = new Set<string>()
  let rest = folded
  for (const pattern of dayPatterns) {
    for (const { groups = {} } of rest.matchAll(pattern)) {
      const { year = '', day = '', month: name = '' } = groups
      const at = groups.number ?? String(Math.floor(monthNames.indexOf(name) / 2) + 1)
      days.add(`${year}-${at.padStart(2, '0')}-${day.padStart(2, '0')}`)
    }
    rest = rest.replaceAll(pattern, ' ')
  }
  return { days, rest }
}

/** The days, numbers and references of a text, as it prints them. */
export function itemsOf(text: string): string[] {
  let rest = fold(text)
  const items: string[] = []
  for (const pattern of [...dayPatterns, reference, number]) {
    items.push(...(rest.match(pattern) ?? []))
    rest = rest.replaceAll(pattern, ' ')
  }
  return items
}

/** "1 532,20", "1.532,20" and "1532.2" are one number. */
function toNumber(printed: string): string {
  const grouped = printed.replaceAll(/[ .](?=\d{3}(?:\D|$))/g, '')
  const [whole = '', fraction = ''] = grouped.replace(',', '.').split('.')
  const decimals = fraction.replace(/0+$/, '')
  return decimals === '' ? whole : `${whole}.${decimals}`
}
