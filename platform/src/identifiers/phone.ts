import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import type { Candidate, Family, Reading } from './candidate.ts'
import { foldText } from './folded-text.ts'
import { endOfShape, isSomethingElse } from './numbers.ts'

const nationalShapes = [[2, 2, 2, 2, 2], [10], [4, 2, 2, 2], [4, 3, 3]]
const international = /(?<![A-Z0-9])(?:\+|00(?=[ .-]?[1-9])) ?(?:[0-9](?:[ .\-/·]| ?\(0\) ?| - )?){7,15}/g

/** A telephone number in E.164 ("+33240123456"); numbers without a prefix are read as French. */
function toPhone(printed: string): string | null {
  const value = foldText(printed).replace(/\(0\)/g, '').replace(/^\D*?(?=[+0-9(])/, '').replace(/^00/, '+')
  if (value.length > 40) return null
  const parsed = parsePhoneNumberFromString(value, { defaultCountry: 'FR', extract: false })
  return parsed?.isValid() ? parsed.number : null
}

/** The longest valid number at the beginning of what was printed: a table may put another figure behind it. */
function longest(printed: string): { key: string; length: number } | null {
  for (let end = printed.length, tries = 0; tries < 4 && end > 8; tries++) {
    const value = printed.slice(0, end).replace(/\D+$/, '')
    const key = toPhone(value)
    if (key) return { key, length: value.length }
    end = value.search(/\d+$/)
  }
  return null
}

// "01.02.03.04.05.06" is no telephone number; "02 40 12 34 56 12 rue" is one when a label says so.
function goesOn(folded: string, end: number, { solid, told }: { solid: boolean; told: boolean }): boolean {
  return (solid || told ? /^[.\-/]?\d/ : /^(?:[.\-/]?\d| \d\d(?!\d))/).test(folded.slice(end, end + 4))
}

function national({ folded, numbers }: Reading): Candidate[] {
  const found: Candidate[] = []
  for (const [index, number] of numbers.entries()) {
    if (folded[number.start] !== '0' || isSomethingElse(number, ['PHONE', 'EMAIL'])) continue
    const end = nationalShapes.map((sizes) => endOfShape({ folded, numbers, index, sizes })).find((value) => value !== null)
    if (!end || goesOn(folded, end, { solid: end - number.start === 10, told: number.said !== null })) continue
    const key = toPhone(folded.slice(number.start, end))
    if (key) found.push({ kind: 'PHONE', key, start: number.start, end, confidence: number.said ? 0.98 : 0.85 })
  }
  return found
}

/** Telephone numbers: with + or 00 in front anywhere, French ones in their usual groupings. */
export const phone: Family = {
  normalise: toPhone,
  find(reading) {
    const found: Candidate[] = []
    for (const match of reading.folded.matchAll(international)) {
      const number = longest(match[0])
      if (number) found.push({ kind: 'PHONE', key: number.key, start: match.index, end: match.index + number.length, confidence: 0.97 })
    }
    return [...found, ...national(reading)]
  },
}
