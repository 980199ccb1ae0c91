import type { Announcement, Labels } from './labels.ts'

/** One unbroken row of digits, and what the words around it say it is. */
export type PrintedNumber = { start: number; end: number; said: Announcement | null }

const link = /^(?: {1,3}| ?[-.·/] ?)$/

function isDecimal(folded: string, start: number, end: number): boolean {
  const fraction = end - start <= 4 && folded[start - 1] === ',' && /\d/.test(folded[start - 2] ?? '')
  return fraction || /^,\d{1,4}(?!\d)/.test(folded.slice(end, end + 6))
}

/** Every row of digits that begins a number of its own: after a label, a space or a sign, never inside a word or a decimal. */
export function findNumbers(folded: string, labels: Labels): PrintedNumber[] {
  const numbers: PrintedNumber[] = []
  for (const match of folded.matchAll(/\d+/g)) {
    const start = match.index
    const end = start + match[0].length
    if (/[A-Z_]/.test(folded[end] ?? ' ') || isDecimal(folded, start, end)) continue
    if (/[A-Z_@]/.test(folded[start - 1] ?? ' ') && !labels.endsAt(start)) continue
    numbers.push({ start, end, said: labels.announce(start, end) })
  }
  return numbers
}

type ShapeRequest = { folded: string; numbers: readonly PrintedNumber[]; index: number; sizes: readonly number[] }

/** Where the groups that begin at `index` end when they have exactly these sizes and stand on one line; null when they do not. */
export function endOfShape({ folded, numbers, index, sizes }: ShapeRequest): number | null {
  for (let position = 0; position < sizes.length; position++) {
    const number = numbers[index + position]
    const previous = numbers[index + position - 1]
    if (!number || number.end - number.start !== sizes[position]) return null
    if (
      position > 0 &&
      previous &&
      (number.start - previous.end > 3 || !link.test(folded.slice(previous.end, number.start)))
    )
      return null
  }
  return numbers[index + sizes.length - 1]?.end ?? null
}

/** The digits between two offsets. */
export function digitsBetween(folded: string, start: number, end: number): string {
  return folded.slice(start, end).replace(/\D+/g, '')
}

/** True when the words around the number give it another meaning than the kinds asked about. */
export function isSomethingElse(number: PrintedNumber, kinds: readonly string[]): boolean {
  const said = number.said
  if (!said || said.place === 'loose') return false
  return !said.kinds.some((kind) => kinds.includes(kind))
}
