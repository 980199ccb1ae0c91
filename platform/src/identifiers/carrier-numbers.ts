import { countrySpecs } from 'ibantools'
import type { Candidate, Reading } from './candidate.ts'
import { readThrough } from './reading.ts'

const countries = new Set(Object.keys(countrySpecs))
const s10Weights = [8, 6, 4, 2, 3, 5, 9, 7]

/** True for a value that has the look of the Universal Postal Union's S10: two letters, nine digits, a country. */
export function looksLikeS10(value: string): boolean {
  return /^[A-Z]{2}\d{9}[A-Z]{2}$/.test(value) && countries.has(value.slice(11))
}

/** S10 with its check digit (weights 8 6 4 2 3 5 9 7, modulo 11). */
export function isS10(value: string): boolean {
  if (!looksLikeS10(value)) return false
  const sum = s10Weights.reduce((total, weight, index) => total + weight * Number(value[index + 2]), 0)
  const check = 11 - (sum % 11)
  return (check === 10 ? 0 : check === 11 ? 5 : check) === Number(value[10])
}

/** UPS "1Z" numbers: sixteen characters and their check digit; letters count as (position + 2) modulo 10. */
export function isUps(value: string): boolean {
  if (!/^1Z[A-Z0-9]{15}\d$/.test(value)) return false
  let sum = 0
  for (let index = 2; index < 17; index++) {
    const code = value.charCodeAt(index)
    sum += (code < 65 ? code - 48 : (code - 63) % 10) * (index % 2 === 0 ? 1 : 2)
  }
  return (10 - (sum % 10)) % 10 === Number(value[17])
}

/** Air waybills: an airline's three digits, seven of serial and their remainder modulo 7. */
export function isAirWaybill(value: string): boolean {
  return /^\d{11}$/.test(value) && Number(value.slice(3, 10)) % 7 === Number(value[10])
}

/** Colissimo and Chronopost parcels: a digit from 5 to 9, a letter, eleven digits. La Poste publishes no check for them. */
export function isColissimo(value: string): boolean {
  return /^[5-9][A-Z]\d{11}$/.test(value)
}

type Shape = {
  opening: RegExp
  count: number
  looksRight(value: string): boolean
  passes(value: string): boolean
  confidence: number
}

const shapes: Shape[] = [
  {
    opening: /(?<![A-Z0-9])[A-Z]{2}(?=[ .-]?\d)/g,
    count: 13,
    looksRight: looksLikeS10,
    passes: isS10,
    confidence: 0.98,
  },
  {
    opening: /(?<![A-Z0-9])1Z(?=[ .-]?[A-Z0-9])/g,
    count: 18,
    looksRight: (value) => /^1Z.*\d$/.test(value),
    passes: isUps,
    confidence: 0.98,
  },
  {
    opening: /(?<![A-Z0-9])[5-9][A-Z](?=[ .-]?\d)/g,
    count: 13,
    looksRight: isColissimo,
    passes: isColissimo,
    confidence: 0.85,
  },
]

function read(
  { text, folded }: Reading,
  start: number,
  { shape, told }: { shape: Shape; told: boolean },
): Candidate | null {
  const value = readThrough(folded, { from: start, count: shape.count })
  if (!value || !shape.looksRight(value.value)) return null
  const printed = text.slice(start, value.end)
  if (!told && printed.length !== shape.count && /[a-z]/.test(printed)) return null
  const key = shape.passes(value.value) ? value.value : null
  return { kind: 'TRACKING_NUMBER', key, start, end: value.end, confidence: shape.confidence }
}

/** Carrier numbers that announce themselves by their look: in a row in any case, in capitals with separators, or after a label. */
export function findCarrierNumbers(reading: Reading): Candidate[] {
  const told = reading.labels.valuesOf('TRACKING_NUMBER')
  return shapes.flatMap((shape) => {
    const bare = Array.from(reading.folded.matchAll(shape.opening), (match) => match.index)
    const labelled = told.map((start) => read(reading, start, { shape, told: true }))
    return [...labelled, ...bare.map((start) => read(reading, start, { shape, told: false }))].filter(
      (found) => found !== null,
    )
  })
}
