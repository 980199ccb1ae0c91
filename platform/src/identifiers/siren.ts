import type { Candidate, Family, Reading } from './candidate.ts'
import { passesLuhn } from './check-digits.ts'
import { compact } from './folded-text.ts'
import { digitsBetween, endOfShape, isSomethingElse } from './numbers.ts'
import { readThrough } from './reading.ts'

const laPoste = '356000000'
const sirenShapes = [[9], [3, 3, 3]]
const timeStamp = /^20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d[0-5]\d$/
const registered = /^,? {1,2}(?:R\.? ?C\.? ?S\b|RNE\b)/
const siretShapes = [[14], [9, 5], [3, 3, 3, 5], [3, 3, 3, 2, 3]]

/** A French company number: 9 digits with Luhn's check digit. */
export function isSiren(digits: string): boolean {
  return /^\d{9}$/.test(digits) && digits !== '000000000' && passesLuhn(digits)
}

/** A French establishment number: a SIREN, 5 digits, Luhn over all 14; La Poste's branches sum to a multiple of 5 instead. */
export function isSiret(digits: string): boolean {
  if (!/^\d{14}$/.test(digits) || !isSiren(digits.slice(0, 9))) return false
  if (passesLuhn(digits)) return true
  return digits.startsWith(laPoste) && [...digits].reduce((sum, digit) => sum + Number(digit), 0) % 5 === 0
}

function strip(printed: string): string {
  return compact(printed).replace(/^(?:SIRENE?|SIRET|RCS|FR)+/, '')
}

function toSiren(folded: string, start: number, end: number): Candidate[] {
  const key = digitsBetween(folded, start, end)
  return isSiren(key) ? [{ kind: 'SIREN', key, start, end, confidence: 0.95 }] : []
}

/** SIREN is found only where a label announces it or "RCS" follows: nine digits are too often something else. */
export const siren: Family = {
  normalise(printed) {
    const digits = strip(printed)
    return isSiren(digits) ? digits : null
  },
  find({ folded, numbers }) {
    const found: Candidate[] = []
    for (const [index, { start, said }] of numbers.entries()) {
      const shaped = sirenShapes
        .map((sizes) => endOfShape({ folded, numbers, index, sizes }))
        .find((end) => end !== null)
      if (!said?.kinds.includes('SIREN')) {
        if (shaped && registered.test(folded.slice(shaped, shaped + 12))) found.push(...toSiren(folded, start, shaped))
        continue
      }
      const read = said.place === 'above' ? null : readThrough(folded, { from: start, count: 9, digitsOnly: true })
      const end = shaped ?? read?.end
      if (!end) continue
      const digits = digitsBetween(folded, start, end)
      if (isSiren(digits))
        found.push({ kind: 'SIREN', key: digits, start, end, confidence: said.place === 'tight' ? 0.99 : 0.9 })
      else if (said.place === 'tight') found.push({ kind: 'SIREN', key: null, start, end, confidence: 0 })
    }
    return found
  },
}

function bareSiret({ folded, numbers }: Reading, index: number): Candidate | null {
  const number = numbers[index]
  if (!number || isSomethingElse(number, ['SIRET', 'SIREN', 'VAT'])) return null
  for (const sizes of siretShapes) {
    const end = endOfShape({ folded, numbers, index, sizes })
    const digits = end === null ? '' : digitsBetween(folded, number.start, end)
    if (end !== null && isSiret(digits) && !timeStamp.test(digits))
      return { kind: 'SIRET', key: digits, start: number.start, end, confidence: 0.9 }
  }
  return null
}

/** SIRET is found after its label in any grouping, and bare in its usual groupings: its two check digits make chance hits rare. */
export const siret: Family = {
  normalise(printed) {
    const digits = strip(printed)
    return isSiret(digits) ? digits : null
  },
  find(reading) {
    const { folded, numbers } = reading
    const found: Candidate[] = []
    for (const [index, { start, said }] of numbers.entries()) {
      const announced = said?.kinds.includes('SIRET') && said.place !== 'above'
      const read = announced ? readThrough(folded, { from: start, count: 14, digitsOnly: true }) : null
      if (read && isSiret(read.value))
        found.push({ kind: 'SIRET', key: read.value, start, end: read.end, confidence: 0.99 })
      else if (read && !said?.kinds.includes('SIREN'))
        found.push({ kind: 'SIRET', key: null, start, end: read.end, confidence: 0 })
      else {
        const bare = bareSiret(reading, index)
        if (bare) found.push(bare)
      }
    }
    return found
  },
}
