import type { Stretch } from './names.ts'

/** A day as it is printed; `year` is null where none is printed with it. */
export interface FoundDate extends Stretch {
  year: number | null
  /** 1 to 12. */
  month: number
  day: number
}

/** A day of the calendar; `month` is 1 to 12. */
export type Day = { year: number; month: number; day: number }

const months = {
  fr: 'janvier février mars avril mai juin juillet août septembre octobre novembre décembre'.split(' '),
  en: 'January February March April May June July August September October November December'.split(' '),
}
const spelled = [
  'janvier janv january jan',
  'fevrier fevr fev february feb',
  'mars march mar',
  'avril avr april apr',
  'mai may',
  'juin june jun',
  'juillet juil july jul',
  'aout august aug',
  'septembre september sept sep',
  'octobre october oct',
  'novembre november nov',
  'decembre december dec',
].map((words) => words.split(' '))
const english =
  'january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec'
const weekday =
  '(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tue|wed|thu|fri|sat|sun)'
const end = String.raw`(?![\d/]|[.-]\d)`
const shapes = [
  String.raw`(?<day>\d{1,2})(?:er|st|nd|rd|th)?(?: of)? (?<month>${spelled.flat().join('|')})\.?(?!\p{L})(?:,? (?<year>\d{4})${end})?`,
  String.raw`(?<month>${english})\.? (?<day>\d{1,2})(?:st|nd|rd|th)?(?![\p{L}\d:])(?:,? (?<year>\d{4})${end})?`,
  String.raw`(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})(?!\d)`,
  String.raw`(?<day>\d{1,2})(?<mark>[/.-])(?<month>\d{1,2})\k<mark>(?<year>\d{4}|\d{2})${end}`,
]
const printed = new RegExp(String.raw`(?<![\p{L}\d/.-])(?:${weekday},? )?(?:${shapes.join('|')})`, 'gu')

function toMonth(word: string): number {
  const named = spelled.findIndex((words) => words.includes(word))
  return named < 0 ? Number(word) : named + 1
}

function isDay({ year, month, day }: Omit<FoundDate, keyof Stretch>): boolean {
  // A leap year stands for one that is not printed.
  const date = new Date(Date.UTC(year ?? 2024, month - 1, day))
  const real = date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  return real && (year === null || (year >= 1990 && year < 2100))
}

/**
 * The days printed in a text that `plain` has folded, French or English, in figures or with the month's name. Figures are read day
 * first; with `monthFirst` possible, "04/12/2023" may be two days and is none.
 */
export function findDates(folded: string, { monthFirst }: { monthFirst: boolean }): FoundDate[] {
  const found: FoundDate[] = []
  for (const match of folded.matchAll(printed)) {
    const { year, month = '', day = '', mark } = match.groups ?? {}
    const date = {
      year: year ? Number(year) + (year.length === 2 ? 2000 : 0) : null,
      month: toMonth(month),
      day: Number(day),
    }
    const unclear = monthFirst && mark !== undefined && date.day <= 12 && date.day !== date.month
    if (isDay(date) && !unclear) found.push({ ...date, start: match.index, end: match.index + match[0].length })
  }
  return found
}

/** "2023-12-04". */
export function toIso({ year, month, day }: Day): string {
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

/** "4 décembre 2023", "1er janvier 2024", "4 December 2023". */
export function toWords({ year, month, day }: Day, language: 'fr' | 'en'): string {
  return `${day}${day === 1 && language === 'fr' ? 'er' : ''} ${months[language][month - 1]} ${year}`
}

/** The year in which a day without one comes nearest to another day. */
export function nearestYear({ month, day }: Pick<FoundDate, 'month' | 'day'>, near: Day): number {
  const goal = Date.UTC(near.year, near.month - 1, near.day)
  const away = (year: number) => Math.abs(Date.UTC(year, month - 1, day) - goal)
  return [near.year - 1, near.year, near.year + 1].reduce((best, year) => (away(year) < away(best) ? year : best))
}
