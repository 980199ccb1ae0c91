import { numberWord } from './label-words.ts'

/** A printed reference that follows a label. `numbered` tells that "n°", "réf." or ":" stood between them. */
export type Token = { value: string; start: number; end: number; numbered: boolean; digits: number }

const connector = new RegExp(
  String.raw`(?:[ \t.:=\-–|(°]|(?<![A-Z])(?:${numberWord}|DE|DU|D'|L'|LA|IS|EST|SUIVANTE?)(?![A-Z]))*`,
  'y',
)
const numbering = new RegExp(String.raw`:|=|#|°|(?<![A-Z])${numberWord}(?![A-Z])`)
const reference = /[A-Z0-9]+(?:[-/_.][A-Z0-9]+|-(?=[A-Z0-9]))*/y
const spacedDigits = /\d{2,}(?: \d{2,})+(?![\d,.]\d)/y
const spacedSeries = /[A-Z]{1,5} ?\d{2,}(?:[ -/]\d{2,})*/y
const date = /^(?:\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{4}[-/.]\d{1,2}[-/.]\d{1,2})$/
const fileName = /\.(?:PDF|XML|DOCX?|XLSX?|CSV|TXT|JPE?G|PNG|TIFF?|ZIP|EML)$/
const mostOfRow = 400
const afterwards = /^(?:[,.]\d| ?(?:€|EUR|%|KG|M3|M2)(?![A-Z]))/

function matchAt(pattern: RegExp, folded: string, offset: number): string | null {
  pattern.lastIndex = offset
  return pattern.exec(folded)?.[0] ?? null
}

function skipConnectors(folded: string, from: number): { offset: number; skipped: string } {
  let offset = from + (matchAt(connector, folded, from) ?? '').length
  const lineBreaks = matchAt(/\n{1,2}/y, folded, offset) ?? ''
  if (lineBreaks) offset += lineBreaks.length + (matchAt(connector, folded, offset + lineBreaks.length) ?? '').length
  return { offset, skipped: folded.slice(from, offset) }
}

function readAt(folded: string, start: number, numbered: boolean): Token | null {
  const spaced = matchAt(spacedDigits, folded, start) ?? matchAt(spacedSeries, folded, start)
  const solid = matchAt(reference, folded, start)
  const value = spaced && spaced.length > (solid?.length ?? 0) ? spaced : solid
  if (!value) return null
  const end = start + value.length
  if (date.test(value) || fileName.test(value) || afterwards.test(folded.slice(end, end + 6))) return null
  return { value, start, end, numbered, digits: value.replace(/\D+/g, '').length }
}

/** In a table the value stands in the next row, in the column that the label heads, alone in its cell. */
function readBelow(folded: string, from: number): Token | null {
  const around = folded.slice(Math.max(0, from - mostOfRow), from)
  const column = around.slice(around.lastIndexOf('\n') + 1).split('\t').length - 1
  const [rest = '', below] = folded.slice(from, from + mostOfRow).split(/\n+(?=[^\n])/)
  const cells = below?.split('\t') ?? []
  const cell = cells[column]
  if (cell === undefined || (column === 0 && !rest.includes('\t'))) return null
  const lineStart = folded.indexOf(below ?? '', from + rest.length)
  const token = readAt(folded, lineStart + cells.slice(0, column).reduce((offset, { length }) => offset + length + 1, 0), true)
  return token?.value === cell.trim() ? token : null
}

/**
 * The reference printed after the label that ends at `from`, at most one line below: letters, digits and their inner signs, or
 * groups of digits; in a table, the one in the row below. Null when there is a date, an amount, a weight or a word instead.
 */
export function readLabelledToken(folded: string, from: number): Token | null {
  const { offset, skipped } = skipConnectors(folded, from)
  const token = skipped.length > 40 ? null : readAt(folded, offset, numbering.test(skipped))
  return token && token.digits > 0 ? token : readBelow(folded, from)
}
