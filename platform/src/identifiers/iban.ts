import { countrySpecs } from 'ibantools'
import type { Candidate, Family } from './candidate.ts'
import { mod97 } from './check-digits.ts'
import { compact } from './folded-text.ts'
import { alphanumericAt, readThrough } from './reading.ts'

type Shape = { length: number; account: RegExp }

const shapes = new Map<string, Shape>()
for (const [country, spec] of Object.entries(countrySpecs)) {
  if (spec.chars && spec.bban_regexp) shapes.set(country, { length: spec.chars, account: new RegExp(spec.bban_regexp) })
}

function hasShape(value: string): boolean {
  const shape = shapes.get(value.slice(0, 2))
  return (
    shape !== undefined &&
    value.length === shape.length &&
    /^\d\d/.test(value.slice(2)) &&
    shape.account.test(value.slice(4))
  )
}

/** An international bank account number: its country's length and shape (ISO 13616), and modulo 97 equal to 1. */
export function isIban(value: string): boolean {
  return hasShape(value) && mod97(value.slice(4) + value.slice(0, 4)) === 1
}

function* bareStarts(folded: string): Generator<number> {
  for (const { index } of folded.matchAll(/[A-Z]{2}[ .-]{0,2}\d[ .-]?\d/g)) {
    if (!alphanumericAt(folded, index - 1) || folded.slice(Math.max(0, index - 4), index) === 'IBAN') yield index
  }
}

/** IBAN announces itself: it is found with and without a label, in groups, across one line break, in either case. */
export const iban: Family = {
  normalise(printed) {
    const value = compact(printed).replace(/^IBAN(?=[A-Z]{2}\d)/, '')
    return isIban(value) ? value : null
  },
  find({ folded, labels }) {
    const found: Candidate[] = []
    for (const start of [...labels.valuesOf('IBAN'), ...bareStarts(folded)]) {
      const country = readThrough(folded, { from: start, count: 2, mayGoOn: true })
      const shape = shapes.get(country?.value ?? '')
      const read = shape ? readThrough(folded, { from: start, count: shape.length }) : null
      if (!read || !hasShape(read.value)) continue
      const valid = isIban(read.value)
      // What only resembles one keeps its place from other families when it is printed like an account, not like a sentence.
      if (!valid && !labels.announces('IBAN', start) && /\n|[A-Z]{3}/.test(folded.slice(start + 4, read.end))) continue
      found.push({ kind: 'IBAN', key: valid ? read.value : null, start, end: read.end, confidence: 0.99 })
    }
    return found
  },
}
