import type { Candidate, Family, Reading } from './candidate.ts'
import { compact } from './folded-text.ts'
import { readThrough, type Read } from './reading.ts'
import { vatCountries } from './vat-countries.ts'

const prefix = new RegExp(
  String.raw`(?:(?<![A-Z0-9])|(?<=(?<![A-Z0-9])(?:TVA|VAT|BTW)))(${Object.keys(vatCountries).join('|')}|GR)(?=[ .\-\n]{0,2}[A-Z0-9]{0,2}[ .-]?\d)`,
  'g',
)

/** The two signs of a French key are never O or I: where these stand, 0 and 1 were printed. */
function readableKey(number: string): string {
  return number.slice(0, 2).replace(/O/g, '0').replace(/I/g, '1') + number.slice(2)
}

/** A European VAT number with its prefix: shape and check digits of its country. Greece's prefix is EL. */
export function toVat(value: string): string | null {
  const country = value.startsWith('GR') ? 'EL' : value.slice(0, 2)
  const rules = vatCountries[country]
  const number = country === 'FR' ? readableKey(value.slice(2)) : value.slice(2)
  if (!rules || !rules.shape.test(number) || !rules.passes(number)) return null
  return country + (country === 'BE' ? number.padStart(10, '0') : number)
}

/** The SIREN inside a French VAT number; null for Monaco's and other countries'. */
export function sirenOfVat(vat: string): string | null {
  return vat.startsWith('FR') && !/^FR..000/.test(vat) ? vat.slice(4) : null
}

// Two capital letters and a few spaced digits also occur in sentences ("PLUS DE 120 000 000"): weak numbers must be printed tight.
function isPlausible({ text, folded, labels }: Reading, start: number, read: Read): boolean {
  if (labels.announces('VAT', start, read.end)) return true
  const country = folded.slice(start, start + 2)
  if (country === 'FR') return true
  if (text.slice(start, start + 2) !== country) return false
  if (read.end - start === read.value.length) return country !== 'RO' || read.value.length > 8
  const strong = read.value.length > 10
  const opening = start === 0 || /[\n:;,(/|–-]\s?$/.test(folded.slice(Math.max(0, start - 2), start))
  return strong && (opening || /\d/.test(folded[start + 2] ?? ''))
}

function readNumber(reading: Reading, start: number): Candidate | null {
  const { folded, labels } = reading
  const country = readThrough(folded, { from: start, count: 2, mayGoOn: true })?.value ?? ''
  const rules = vatCountries[country === 'GR' ? 'EL' : country]
  let refused: Read | null = null
  for (const length of rules?.lengths ?? []) {
    const read = readThrough(folded, { from: start, count: length + 2 })
    if (!read || !rules?.shape.test(country === 'FR' ? readableKey(read.value.slice(2)) : read.value.slice(2))) continue
    const key = toVat(read.value)
    if (key && isPlausible(reading, start, read)) return { kind: 'VAT', key, start, end: read.end, confidence: 0.97 }
    refused ??= read
  }
  const taken = refused && (country === 'FR' || labels.announces('VAT', start))
  return taken ? { kind: 'VAT', key: null, start, end: refused?.end ?? start, confidence: 0 } : null
}

function withoutPrefix({ folded, numbers }: Reading): Candidate[] {
  const found: Candidate[] = []
  for (const { start, said } of numbers) {
    if (said?.place !== 'tight' || !said.kinds.includes('VAT')) continue
    const read = readThrough(folded, { from: start, count: 11, digitsOnly: true })
    const key = read && toVat(`FR${read.value}`)
    if (read && key) found.push({ kind: 'VAT', key, start, end: read.end, confidence: 0.95 })
  }
  return found
}

/** EU VAT numbers with their prefix in any grouping, and French ones without it when a label announces them. */
export const vat: Family = {
  normalise(printed) {
    const value = compact(printed).replace(/^(?:N(?:UMERO)?)?(?:TVA|VAT)(?:INTRA(?:COM)?(?:MUNAUTAIRE)?)?/, '')
    return toVat(value) ?? (/^\d{11}$/.test(value) ? toVat(`FR${value}`) : null)
  },
  find(reading) {
    const found: Candidate[] = []
    const bare = Array.from(reading.folded.matchAll(prefix), (match) => match.index)
    for (const start of [...reading.labels.valuesOf('VAT'), ...bare]) {
      const candidate = readNumber(reading, start)
      if (candidate) found.push(candidate)
    }
    return [...found, ...withoutPrefix(reading)]
  },
}
