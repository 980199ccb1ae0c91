import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import type { Candidate, Family, Reading } from './candidate.ts'
import { foldText } from './folded-text.ts'
import { endOfShape, isSomethingElse } from './numbers.ts'
import { readThrough } from './reading.ts'

const nationalShapes = [[2, 2, 2, 2, 2], [10], [4, 2, 2, 2], [4, 3, 3], [1, 3, 3, 3]]
const international =
  /(?<![A-Z0-9])(?:\+|(?<!\d[ .\-/])00(?=[ .-]?[1-9])) ?(?:[0-9](?:[ .\-/·]|\) ?| ?\(0\) ?| - )?){7,15}(?!\d)/g

/** A telephone number in E.164 ("+33240123456"); numbers without a prefix are read as French. */
function toPhone(printed: string): string | null {
  const value = foldText(printed)
    .replace(/\(0\)/g, '')
    .replace(/^\D*?(?=[+0-9(])/, '')
    .replace(/^00/, '+')
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
function isPartOfMore(folded: string, start: number, { end, told }: { end: number; told: boolean }): boolean {
  const solid = told || end - start === 10
  const before = folded.slice(Math.max(0, start - 4), start)
  const after = folded.slice(end, end + 4)
  return solid
    ? /^[.\-/]\d/.test(after)
    : /^(?:[.\-/]\d| \d\d(?!\d))/.test(after) || /\d[.\-/]$|(?<!\d)\d\d $/.test(before)
}

function national({ folded, numbers }: Reading): Candidate[] {
  const found: Candidate[] = []
  for (const [index, number] of numbers.entries()) {
    if (folded[number.start] !== '0' || isSomethingElse(number, ['PHONE', 'EMAIL'])) continue
    const shaped = nationalShapes
      .map((sizes) => endOfShape({ folded, numbers, index, sizes }))
      .find((value) => value !== null)
    const told = number.said?.place === 'tight' && number.said.kinds.includes('PHONE')
    const end =
      shaped ??
      (told ? readThrough(folded, { from: number.start, count: 10, digitsOnly: true, lineBreaks: false })?.end : null)
    if (!end || isPartOfMore(folded, number.start, { end, told: number.said !== null })) continue
    const key = toPhone(folded.slice(number.start, end))
    if (key) found.push({ kind: 'PHONE', key, start: number.start, end, confidence: number.said ? 0.98 : 0.85 })
  }
  return found
}

/** Zeros in front are a foreign prefix only where nothing speaks against it; a long row of digits is more often something else. */
function isPlausible({ labels }: Reading, printed: string, start: number): boolean {
  if (printed.startsWith('+')) return true
  const said = labels.announce(start)
  if (said?.place === 'tight') return said.kinds.includes('PHONE')
  return /^0033|\d[ .\-/·]+\d/.test(printed)
}

/** Telephone numbers: with + or 00 in front anywhere, French ones in their usual groupings. */
export const phone: Family = {
  normalise: toPhone,
  find(reading) {
    const found: Candidate[] = []
    for (const match of reading.folded.matchAll(international)) {
      const number = isPlausible(reading, match[0], match.index) ? longest(match[0]) : null
      if (number)
        found.push({
          kind: 'PHONE',
          key: number.key,
          start: match.index,
          end: match.index + number.length,
          confidence: 0.97,
        })
    }
    return [...found, ...national(reading)]
  },
}
