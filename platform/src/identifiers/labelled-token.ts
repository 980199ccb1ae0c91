import type { Reading } from './candidate.ts'
import { numberWord } from './label-words.ts'

/** A printed reference that follows a label. `numbered` tells that "n°", "réf." or ":" stood between them. */
export type Token = { value: string; start: number; end: number; numbered: boolean; digits: number }

type Printed = Pick<Reading, 'text' | 'folded'>

const connector = new RegExp(
  String.raw`(?:[ \t.:=\-–|(°]|(?<![A-Z])N ?°|(?<![A-Z])(?:${numberWord}|DE|DU|D'|L'|LA|IS|EST|SUIVANTE?)(?![A-Z]))*`,
  'y',
)
const numbering = new RegExp(String.raw`[:=#°]|(?<![A-Z])${numberWord}(?![A-Z])`)
const reference = /[A-Z0-9]+(?:[-/_.][A-Z0-9]+|-(?=[A-Z0-9]))*/y
const spacedDigits = /\d{2,}(?: \d{2,})+(?![\d,.]\d)/y
const spacedSeries =
  /(?!(?:DU|DE|DES|LE|LA|LES|EN|ET|AU|UN|PAR|SUR|QTE|NB|KG|PAL)(?![A-Z]))[A-Z]{1,4} \d{2,}(?:[ /-]\d{2,})*/y
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

/** "FA 2024 5738": a series in capitals, set apart, is part of the number where the label says that a number follows. */
function readSeries({ text, folded }: Printed, start: number, numbered: boolean): string | null {
  const series = numbered ? matchAt(spacedSeries, folded, start) : null
  return series && !/[a-z]/.test(text.slice(start, start + series.length)) ? series : null
}

function readAt(printed: Printed, start: number, numbered: boolean): Token | null {
  const { folded } = printed
  const spaced = matchAt(spacedDigits, folded, start) ?? readSeries(printed, start, numbered)
  const solid = matchAt(reference, folded, start)
  const value = spaced && spaced.length > (solid?.length ?? 0) ? spaced : solid
  if (!value) return null
  const end = start + value.length
  if (date.test(value) || fileName.test(value) || afterwards.test(folded.slice(end, end + 6))) return null
  return { value, start, end, numbered, digits: value.replace(/\D+/g, '').length }
}

/** In a table the value stands in the next row, in the column that the label heads, alone in its cell. */
function readBelow(printed: Printed, from: number): Token | null {
  const { folded } = printed
  const around = folded.slice(Math.max(0, from - mostOfRow), from)
  const column = around.slice(around.lastIndexOf('\n') + 1).split('\t').length - 1
  const [rest = '', below] = folded.slice(from, from + mostOfRow).split(/\n+(?=[^\n])/)
  const cells = below?.split('\t') ?? []
  const cell = cells[column]
  if (cell === undefined || (column === 0 && !rest.includes('\t'))) return null
  const lineStart = folded.indexOf(below ?? '', from + rest.length)
  const token = readAt(
    printed,
    lineStart + cells.slice(0, column).reduce((offset, { length }) => offset + length + 1, 0),
    true,
  )
  return token?.value === cell.trim() ? token : null
}

/**
 * The reference printed after the label that ends at `from`, at most one line below: letters, digits and their inner signs, or
 * groups of digits; in a table, the one in the row below. Null when there is a date, an amount, a weight or a word instead.
 */
export function readLabelledToken(printed: Printed, from: number): Token | null {
  const { offset, skipped } = skipConnectors(printed.folded, from)
  const token = skipped.length > 40 ? null : readAt(printed, offset, numbering.test(skipped))
  return token && token.digits > 0 ? token : readBelow(printed, from)
}
