import type { Candidate, Family, Reading } from './candidate.ts'
import { passesGs1 } from './check-digits.ts'
import { compact } from './folded-text.ts'
import { digitsBetween, endOfShape, isSomethingElse } from './numbers.ts'
import { readThrough } from './reading.ts'

/** A serial shipping container code: 18 digits with GS1's check digit, all zeros excepted. */
export function isSscc(digits: string): boolean {
  return /^\d{18}$/.test(digits) && /[1-9]/.test(digits) && passesGs1(digits)
}

function announced({ folded }: Reading, start: number): Candidate | null {
  const prefixed = folded.startsWith('00', start)
    ? readThrough(folded, { from: start, count: 20, digitsOnly: true })
    : null
  if (prefixed && isSscc(prefixed.value.slice(2)))
    return { kind: 'SSCC', key: prefixed.value.slice(2), start, end: prefixed.end, confidence: 0.99 }
  const read = readThrough(folded, { from: start, count: 18, digitsOnly: true }) ?? prefixed
  if (!read) return null
  return { kind: 'SSCC', key: isSscc(read.value) ? read.value : null, start, end: read.end, confidence: 0.99 }
}

function bare({ folded, numbers }: Reading, index: number): Candidate | null {
  const number = numbers[index]
  if (!number || isSomethingElse(number, ['SSCC', 'TRACKING_NUMBER', 'CONTAINER'])) return null
  for (const sizes of [[18], [20], [2, 18]]) {
    const end = endOfShape({ folded, numbers, index, sizes })
    const digits = end === null ? '' : digitsBetween(folded, number.start, end)
    const code = digits.length === 20 && digits.startsWith('00') ? digits.slice(2) : digits
    if (end !== null && isSscc(code)) return { kind: 'SSCC', key: code, start: number.start, end, confidence: 0.9 }
  }
  return null
}

/** SSCC is found after "(00)" or its label in any grouping, and bare as 18 digits in a row (or 20 with the "00" in front). */
export const sscc: Family = {
  normalise(printed) {
    const digits = compact(printed).replace(/^SSCC(?:18(?=\d{18}))?/, '')
    const code = digits.length === 20 && digits.startsWith('00') ? digits.slice(2) : digits
    return isSscc(code) ? code : null
  },
  find(reading) {
    const found: Candidate[] = []
    for (const [index, number] of reading.numbers.entries()) {
      const told =
        number.said?.kinds.includes('SSCC') && number.said.place !== 'above' ? announced(reading, number.start) : null
      const candidate = told ?? bare(reading, index)
      if (candidate) found.push(candidate)
    }
    return found
  },
}
