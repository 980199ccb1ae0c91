import type { Candidate, Family, Reading } from './candidate.ts'
import { passesGs1 } from './check-digits.ts'
import { compact } from './folded-text.ts'
import { digitsBetween, endOfShape, isSomethingElse } from './numbers.ts'
import { readThrough } from './reading.ts'

const lengths = [13, 14, 12, 8]
// Prefixes GS1 has given to nobody, and where time stamps in milliseconds fall.
const unassigned = /^1[4-9]/

/**
 * An article number of 8, 12, 13 or 14 digits with GS1's check digit. The key is the shortest form of the same number: a GTIN-14
 * printed with zeros in front, as in "(01)03518370400049", is the GTIN-13 below it.
 */
export function toGtin(digits: string): string | null {
  if (!/^(?:\d{8}|\d{12,14})$/.test(digits) || !/[1-9]/.test(digits) || !passesGs1(digits)) return null
  if (/^0{6}\d{8}$/.test(digits)) return digits.slice(6)
  return digits.length > 12 ? digits.replace(/^0{1,2}(?=\d{12,13}$)/, '') : digits
}

function announced({ folded, numbers }: Reading, index: number): Candidate | null {
  const number = numbers[index]
  if (!number) return null
  const { start, end } = number
  const alone = end - start
  if (lengths.includes(alone))
    return { kind: 'GTIN', key: toGtin(folded.slice(start, end)), start, end, confidence: 0.99 }
  if (number.said?.place === 'above') return null
  for (const count of lengths) {
    const read = readThrough(folded, { from: start, count, digitsOnly: true, lineBreaks: false })
    const goesOn = read && count < 13 && /^[-. ]?\d/.test(folded.slice(read.end, read.end + 2))
    const key = read && !goesOn ? toGtin(read.value) : null
    if (read && key) return { kind: 'GTIN', key, start, end: read.end, confidence: 0.95 }
  }
  return null
}

function bare({ folded, numbers }: Reading, index: number): Candidate | null {
  const number = numbers[index]
  if (!number || isSomethingElse(number, ['GTIN'])) return null
  for (const sizes of [[13], [1, 6, 6]]) {
    const end = endOfShape({ folded, numbers, index, sizes })
    const digits = end === null ? '' : digitsBetween(folded, number.start, end)
    const key = unassigned.test(digits) ? null : toGtin(digits)
    if (end !== null && key) return { kind: 'GTIN', key, start: number.start, end, confidence: 0.8 }
  }
  return null
}

/** GTIN is found after its label at any length and grouping; bare only as a GTIN-13 of an assigned prefix. */
export const gtin: Family = {
  normalise: (printed) => toGtin(compact(printed).replace(/^(?:GTIN|EAN|UPC)(?:1[234](?=\d{12,14}$))?/, '')),
  find(reading) {
    const found: Candidate[] = []
    for (const [index, number] of reading.numbers.entries()) {
      const candidate = number.said?.kinds.includes('GTIN') ? announced(reading, index) : bare(reading, index)
      if (candidate) found.push(candidate)
    }
    return found
  },
}
