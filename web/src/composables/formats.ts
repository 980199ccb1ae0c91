export interface Formats {
  /** For formats of a screen's own, such as `fr-FR`. */
  tag: string
  number: (value: number) => string
  percent: (fraction: number) => string
  date: (iso: string) => string
  /** A day of the calendar, `2026-11-20`. */
  day: (day: string) => string
  /** From one day of the calendar to another: "20–27 déc. 2026". */
  days: (from: string, to: string) => string
  /** The number of a day in its month, as `day` begins: "15", "1er". */
  dayOfMonth: (day: string) => string
  /** The weekday of a day: "lun." */
  weekday: (day: string) => string
  /** The month of a day: "décembre 2026". */
  month: (day: string) => string
  dateTime: (iso: string) => string
  time: (iso: string) => string
  /** "il y a 3 minutes"; the date itself once it is older than a week. */
  ago: (iso: string, now?: number) => string
  bytes: (size: number) => string
  /** A length of time given in milliseconds, with the one unit that says most. */
  duration: (ms: number) => string
  /** An amount given in millionths of a euro: cents, and what is less than one to its first digits. */
  euros: (micros: number) => string
}

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
]

/** A date as that language writes it: the first of a month is an ordinal in French, which the formats of browsers do not know. */
export function withFirsts(tag: string, date: string): string {
  return tag.startsWith('fr') ? date.replaceAll(/\b1(?=\s\p{L}|–\d)/gu, '1er') : date
}

/** Formats of one language tag, for instance fr-FR. */
export function createFormats(tag: string): Formats {
  const number = new Intl.NumberFormat(tag)
  const percent = new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 0 })
  const date = new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'short', year: 'numeric' })
  const day = new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })
  const weekday = new Intl.DateTimeFormat(tag, { weekday: 'short', timeZone: 'UTC' })
  const month = new Intl.DateTimeFormat(tag, { month: 'long', year: 'numeric', timeZone: 'UTC' })
  const dateTime = new Intl.DateTimeFormat(tag, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  })
  const time = new Intl.DateTimeFormat(tag, { hour: '2-digit', minute: '2-digit' })
  const relative = new Intl.RelativeTimeFormat(tag, { numeric: 'auto' })

  function ago(iso: string, now = Date.now()): string {
    const seconds = (Date.parse(iso) - now) / 1000
    if (Math.abs(seconds) > 7 * 86_400) return firsts(date.format(new Date(iso)))
    const [unit, length] = steps.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1]
    return unit === 'second' ? relative.format(0, 'second') : relative.format(Math.round(seconds / length), unit)
  }

  function measured(value: number, unit: string, digits: number): string {
    return new Intl.NumberFormat(tag, {
      style: 'unit',
      unit,
      // The short form of a byte is its whole name in English, and never plural.
      unitDisplay: unit === 'byte' ? 'long' : 'short',
      maximumFractionDigits: digits,
    }).format(value)
  }

  function bytes(size: number): string {
    if (size < 1000) return measured(size, 'byte', 0)
    if (size < 1_000_000) return measured(size / 1000, 'kilobyte', 0)
    if (size < 1_000_000_000) return measured(size / 1_000_000, 'megabyte', 1)
    return measured(size / 1_000_000_000, 'gigabyte', 1)
  }

  function duration(ms: number): string {
    if (ms < 1000) return measured(Math.round(ms), 'millisecond', 0)
    if (ms < 60_000) return measured(ms / 1000, 'second', 1)
    return measured(ms / 60_000, 'minute', 1)
  }

  function euros(micros: number): string {
    const small = micros > 0 && micros < 10_000
    return new Intl.NumberFormat(tag, {
      style: 'currency',
      currency: 'EUR',
      ...(small && { maximumFractionDigits: 6, maximumSignificantDigits: 2 }),
    }).format(micros / 1_000_000)
  }

  const firsts = (text: string) => withFirsts(tag, text)

  return {
    tag,
    number: (value) => number.format(value),
    percent: (fraction) => percent.format(fraction),
    date: (iso) => firsts(date.format(new Date(iso))),
    day: (iso) => firsts(day.format(new Date(iso))),
    days: (from, to) => firsts(day.formatRange(new Date(from), new Date(to))),
    dayOfMonth: (iso) => (tag.startsWith('fr') && iso.endsWith('-01') ? '1er' : String(Number(iso.slice(8)))),
    weekday: (iso) => weekday.format(new Date(iso)),
    month: (iso) => month.format(new Date(iso)),
    dateTime: (iso) => firsts(dateTime.format(new Date(iso))),
    time: (iso) => time.format(new Date(iso)),
    ago,
    bytes,
    duration,
    euros,
  }
}
