import { nameKey } from '@passerelle/platform/identifiers'
import type { Language } from '@passerelle/platform/text'
import type { Cell, Sheet } from './cells.ts'
import { findDates, nearestYear, toIso, toWords, type Day, type FoundDate } from './dates.ts'
import { toldBefore, toldBehind, toldByLabel, toldByStep, type Told } from './event-patterns.ts'
import type { Stretch } from './names.ts'
import { plain } from './words.ts'

/** Something that happened, or is to happen, on a day, as the trade calls it. */
export interface FoundEvent extends Stretch {
  type: string
  key: string
  name: string
  confidence: number
}

/** A page as events are looked for in it. `towns` are those the whole document names, by their key. */
export interface DatedPage {
  sheet: Sheet
  /** Folded; a line end inside a paragraph is a space. */
  text: string
  dates: FoundDate[]
}

type Sighting = Stretch & { told: Told; date: FoundDate; confidence: number; town: string | null }
type Around = { page: DatedPage; towns: ReadonlyMap<string, string>; labelled: ReadonlyMap<number, Told> }

const window = 140
const sure = { said: 0.85, opening: 0.75, withoutYear: 0.6 }
const clock = String.raw`(?: a \d{1,2} ?[h:] ?\d{0,2})?`
const townBehind = new RegExp(String.raw`^${clock},? (au |aux |a |in |at )((?:[\p{L}'-]+ ?){1,5})`, 'u')
const townBefore = /(?:^|(au |aux |a |in |at ))((?:[\p{L}'-]+ ?){1,5}),? (?:le |on |the )$/u

/** The page with its dates; in English, days and months in figures may change places. */
export function toDatedPage(text: string, sheet: Sheet, language: Language | null): DatedPage {
  const folded = plain(text).replace(/(?<!\n)\n(?!\n)/g, ' ')
  return { sheet, text: folded, dates: findDates(folded, { monthFirst: language === 'en' }) }
}

function beforeOf({ text, dates }: DatedPage, index: number): { before: string; start: number } {
  const date = dates[index]
  const from = Math.max(0, (date?.start ?? 0) - window, dates[index - 1]?.end ?? 0)
  const piece = text.slice(from, date?.start)
  const cut = /^[^]*(?:\p{L}{3}[.!?]|[;\n\t…])\s*/u.exec(piece)?.[0].length ?? 0
  return { before: piece.slice(cut), start: from + cut }
}

/** The longest town at the beginning of the words, "le Havre" for "au Havre". */
function townIn(words: string, preposition: string, towns: ReadonlyMap<string, string>): string | null {
  const article = preposition === 'au ' ? 'le ' : preposition === 'aux ' ? 'les ' : ''
  const parts = words.trim().split(' ')
  for (let count = parts.length; count > 0; count--) {
    const town = towns.get(nameKey(article + parts.slice(0, count).join(' ')))
    if (town) return town
  }
  return null
}

function sight(index: number, around: Around): Sighting | null {
  const { page, towns, labelled } = around
  const date = page.dates[index]
  const cell = date && page.sheet.at(date.start)
  if (!date || !cell) return null
  const { before, start } = beforeOf(page, index)
  const behind = page.text.slice(date.end, date.end + window).split(/[\n\t]/)[0] ?? ''
  // Far into a line, a date is in a sentence and not the value of a label.
  const own = date.start - cell.start < window ? page.text.slice(cell.start, date.start) : null
  const place = townBefore.exec(own ?? '') ?? townBefore.exec(before)
  const after = townBehind.exec(behind)
  const town =
    (after && townIn(after[2] ?? '', after[1] ?? '', towns)) ?? (place && townIn(place[2] ?? '', place[1] ?? '', towns))
  const label = toldByLabel(own?.trimEnd() ?? '') ?? (isValue(own, town) ? (labelled.get(cell.start) ?? null) : null)
  if (label) return { told: label, date, start: cell.start, end: date.end, confidence: sure.said, town }
  const said = toldBefore(before, behind)
  if (said) return { told: said, date, start: start + said.at, end: date.end, confidence: sure.said, town }
  const opens = /^(?:(?:le|on) )?$/.test(before) ? toldBehind(behind) : null
  if (opens) return { told: opens, date, start: date.start, end: date.end + opens.at, confidence: sure.opening, town }
  const step = own === '' ? toldByStep(stepAt(page, cell, date)) : null
  return step && { told: step, date, start: date.start, end: date.end, confidence: sure.opening, town }
}

/** What stands before a date in the cell of a value: nothing, or the place ("Nice, le "). */
function isValue(own: string | null, town: string | null): boolean {
  return own === '' || own === 'le ' || (town !== null && own !== null && own.length < 60)
}

/** What stands beside a date in a list of dated steps. */
function stepAt({ text, sheet }: DatedPage, cell: Cell, date: FoundDate): string {
  const rest = text.slice(date.end, cell.end).replace(/^[ ,]*(?:a )?(?:\d{1,2} ?[h:] ?\d{0,2})?[ :,-]*/, '')
  const next = rest ? null : sheet.beside(cell)
  return next ? text.slice(next.start, next.end) : rest
}

/** The cells whose date a label beside or above them announces, by where they start. */
function labelledCells({ sheet, text, dates }: DatedPage): Map<number, Told> {
  const found = new Map<number, Told>()
  const dated = new Set(dates.map(({ start }) => sheet.at(start)?.start))
  for (const cell of dated.size > 0 ? sheet.cells : []) {
    if (cell.text.length > 60) continue
    const told = toldByLabel(text.slice(cell.start, cell.end))
    if (!told) continue
    const beside = sheet.beside(cell)
    const target = beside && dated.has(beside.start) ? beside : sheet.under(cell)
    if (target && dated.has(target.start) && !found.has(target.start)) found.set(target.start, told)
  }
  return found
}

const isDateLine = /^(?:[^\d,]{0,40}, )?(?:le |the |on )?$|^(?:date|sent|envoye|emise? le|fait a)(?!\p{L})[^\d]{0,30}$/u

/** The day a document is dated, as far as it takes to give a year to days without one; null when that would be a guess. */
function documentDay(pages: readonly DatedPage[]): Day | null {
  const whole = (date: FoundDate): date is FoundDate & Day => date.year !== null
  for (const { sheet, text, dates } of pages.slice(0, 1)) {
    for (const date of dates.filter(whole)) {
      const start = sheet.at(date.start)?.start ?? date.start
      if (date.start - start < window && isDateLine.test(text.slice(start, date.start))) return date
    }
  }
  const all = pages.flatMap(({ dates }) => dates.filter(whole))
  return all.every(({ year }) => year === all[0]?.year) ? (all[0] ?? null) : null
}

function toEvent(
  { told, date, start, end, confidence, town }: Sighting,
  day: Day,
  language: Language | null,
): FoundEvent {
  const { type, fr, en } = told.words
  const own = language ?? told.language
  const where = { fr: ` à ${town}`.replace(' à Les ', ' aux ').replace(' à Le ', ' au '), en: ` in ${town}` }
  const name = `${own === 'fr' ? `${fr} du` : `${en} on`} ${toWords(day, own)}${town ? where[own] : ''}`
  const key = [type.toLowerCase(), toIso(day), ...(town ? [nameKey(town)] : [])].join(' ')
  return { type, key, name, start, end, confidence: date.year === null ? sure.withoutYear : confidence }
}

/** "La livraison du 3 mars" is the one in Lyon that the same document names, when it names one only. */
function withPlaces(pages: readonly FoundEvent[][]): FoundEvent[][] {
  const placed = new Map<string, Map<string, FoundEvent>>()
  const bare = (key: string) => key.split(' ').slice(0, 2).join(' ')
  for (const event of pages.flat()) {
    if (event.key === bare(event.key)) continue
    placed.set(bare(event.key), (placed.get(bare(event.key)) ?? new Map()).set(event.key, event))
  }
  const complete = (event: FoundEvent): FoundEvent => {
    const [only, ...others] = placed.get(event.key)?.values() ?? []
    return only && others.length === 0 ? { ...event, key: only.key, name: only.name } : event
  }
  return pages.map((events) => events.map(complete))
}

/**
 * The dated events of each page: a delivery, a claim, an arrival … with its day, named in the document's language. A date without an
 * event is none, nor is an event without a day; a day without its year has the year nearest to the document's own date.
 */
export function findEvents(
  pages: readonly DatedPage[],
  { language, towns }: { language: Language | null; towns: readonly string[] },
): FoundEvent[][] {
  const known = new Map(towns.map((town) => [nameKey(town), town]))
  const today = documentDay(pages)
  const found = pages.map((page) => {
    const around = { page, towns: known, labelled: labelledCells(page) }
    return page.dates.flatMap((date, index) => {
      const year = date.year ?? (today && nearestYear(date, today))
      const sighting = year === null ? null : sight(index, around)
      return sighting && year !== null ? [toEvent(sighting, { ...date, year }, language)] : []
    })
  })
  return withPlaces(found)
}
