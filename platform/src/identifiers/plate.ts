import type { Candidate, Family, Reading } from './candidate.ts'
import { foldText } from './folded-text.ts'

const pair = '[A-HJ-NP-TV-Z]{2}'
const current = new RegExp(`^(${pair})[ .-]?(\\d{3})[ .-]?(${pair})$`)
const former = /^(\d{1,4})[ .-]?([A-HJ-NP-TV-Z]{1,3})[ .-]?(\d{2}|2[AB]|97[1-6])$/

/** A French plate: "AA-123-AA" since 2009 (no I, O, U; no SS in front), "1234-AB-44" before. */
function toPlate(value: string): string | null {
  const [, left, digits, right] = current.exec(value) ?? []
  if (left && digits && right)
    return left === 'SS' || right === 'SS' || digits === '000' ? null : `${left}-${digits}-${right}`
  const [, number, letters, department] = former.exec(value) ?? []
  if (!number || !letters || !department || number.startsWith('0') || department === '00' || department === '20')
    return null
  return `${number}-${letters}-${department}`
}

const printedCurrent = new RegExp(`(?<![A-Z0-9-])${pair}( ?- ?| |\\.|)\\d{3}( ?- ?| |\\.|)${pair}(?![A-Z0-9-])`, 'g')
const printedFormer = /(?<![A-Z0-9-])\d{1,4}[ -]?[A-HJ-NP-TV-Z]{2,3}[ -]?(?:\d{2}|2[AB]|97[1-6])(?![A-Z0-9-])/g

function isCapital({ text }: Reading, start: number, end: number): boolean {
  return !/[a-z]/.test(text.slice(start, end))
}

/** Plates in the form of today are found bare when printed in capitals with their dashes, other forms only after a label. */
export const plate: Family = {
  normalise: (printed) => toPlate(foldText(printed).replace(/ ?- ?/g, '-').trim()),
  find(reading) {
    const found: Candidate[] = []
    for (const match of reading.folded.matchAll(printedCurrent)) {
      const start = match.index
      const end = start + match[0].length
      const typical = match[1]?.trim() === '-' && match[2]?.trim() === '-' && isCapital(reading, start, end)
      const told = reading.labels.announces('PLATE', start, end)
      const key = typical || told ? plate.normalise(match[0]) : null
      if (key) found.push({ kind: 'PLATE', key, start, end, confidence: told ? 0.98 : 0.9 })
    }
    for (const match of reading.folded.matchAll(printedFormer)) {
      const start = match.index
      const end = start + match[0].length
      const told = reading.labels.announce(start, end)
      const key =
        told?.kinds.includes('PLATE') && told.place !== 'above' && isCapital(reading, start, end)
          ? plate.normalise(match[0])
          : null
      if (key) found.push({ kind: 'PLATE', key, start, end, confidence: 0.8 })
    }
    return found
  },
}
