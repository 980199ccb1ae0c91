import type { Candidate, Family, Reading } from './candidate.ts'
import { compact } from './folded-text.ts'
import { alphanumericAt, readThrough, skipSeparators } from './reading.ts'

// ISO 6346 counts letters from A = 10 and leaves out the multiples of 11.
const letterValues = new Map(
  [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].map((letter, index) => [letter, 10 + index + Math.floor((index + 9) / 10)]),
)

/** A freight container (ISO 6346): owner, category U, J or Z, six digits and the check digit of modulo 11. */
export function isContainer(value: string): boolean {
  if (!/^[A-Z]{3}[UJZ]\d{7}$/.test(value)) return false
  let sum = 0
  for (let index = 0; index < 10; index++) {
    const char = value[index] ?? '0'
    sum += (letterValues.get(char) ?? Number(char)) * 2 ** index
  }
  return (sum % 11) % 10 === Number(value[10])
}

const opening = /(?<![A-Z0-9])[A-Z]{3}[ .-]?[UJZ](?=[ .\-\n]{0,3}\d)/g

function readDigits(folded: string, from: number): { value: string; end: number } | null {
  const whole = readThrough(folded, { from, count: 7, digitsOnly: true })
  if (whole) return whole
  const six = readThrough(folded, { from, count: 6, digitsOnly: true })
  const last = six ? skipSeparators(folded, six.end) : 0
  if (!six || !/\d/.test(folded[last] ?? '') || alphanumericAt(folded, last + 1)) return null
  return { value: six.value + folded[last], end: last + 1 }
}

// "lieu 2023 124" is no container: small letters count only when nothing separates them from the digits or a label announces them.
function isPlausible({ text, labels }: Reading, start: number, solid: boolean): boolean {
  return solid || /^[A-Z]{3}[ .-]?[A-Z]/.test(text.slice(start, start + 5)) || labels.announces('CONTAINER', start)
}

function read(reading: Reading, start: number, told: boolean): Candidate | null {
  const { folded } = reading
  const letters = readThrough(folded, { from: start, count: 4, mayGoOn: true })
  if (!letters || !/^[A-Z]{3}[UJZ]$/.test(letters.value)) return null
  const from = skipSeparators(folded, letters.end)
  const digits = readDigits(folded, from)
  if (!digits || !(told || isPlausible(reading, start, from === start + 4))) return null
  const value = letters.value + digits.value
  return { kind: 'CONTAINER', key: isContainer(value) ? value : null, start, end: digits.end, confidence: 0.97 }
}

/** Containers announce themselves: they are found with and without a label, with the check digit apart or boxed. */
export const container: Family = {
  normalise(printed) {
    const value = compact(printed)
    return isContainer(value) ? value : null
  },
  find(reading) {
    const told = reading.labels.valuesOf('CONTAINER').map((start) => read(reading, start, true))
    const bare = Array.from(reading.folded.matchAll(opening), (match) => read(reading, match.index, false))
    return [...told, ...bare].filter((candidate) => candidate !== null)
  },
}
