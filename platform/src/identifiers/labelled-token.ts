import { numberWord } from './label-words.ts'

/** A printed reference that follows a label. `numbered` tells that "n°", "réf." or ":" stood between them. */
export type Token = { value: string; start: number; end: number; numbered: boolean; digits: number }

const connector = new RegExp(
  String.raw`(?:[ .:=\-–|(°]|(?<![A-Z])(?:${numberWord}|DE|DU|D'|L'|LA|IS|EST|SUIVANTE?)(?![A-Z]))*`,
  'y',
)
const numbering = new RegExp(String.raw`:|=|#|°|(?<![A-Z])${numberWord}(?![A-Z])`)
const reference = /[A-Z0-9]+(?:[-/_.][A-Z0-9]+|-(?=[A-Z0-9]))*/y
const spacedDigits = /\d{2,}(?: \d{2,})+(?![\d,.]\d)/y
const spacedSeries = /[A-Z]{1,5} ?\d{2,}(?:[ -/]\d{2,})*/y
const date = /^(?:\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{4}[-/.]\d{1,2}[-/.]\d{1,2})$/
const fileName = /\.(?:PDF|XML|DOCX?|XLSX?|CSV|TXT|JPE?G|PNG|TIFF?|ZIP|EML)$/
const afterwards = /^(?:[,.]\d| ?(?:€|EUR|%|KG|M3|M2)(?![A-Z]))/

function matchAt(pattern: RegExp, folded: string, offset: number): string | null {
  pattern.lastIndex = offset
  return pattern.exec(folded)?.[0] ?? null
}

function skipConnectors(folded: string, from: number): { offset: number; skipped: string } {
  const first = matchAt(connector, folded, from) ?? ''
  let offset = from + first.length
  if (folded[offset] === '\n') offset += 1 + (matchAt(connector, folded, offset + 1) ?? '').length
  return { offset, skipped: folded.slice(from, offset) }
}

/**
 * The reference printed after the label that ends at `from`, at most one line below: letters, digits and their inner signs, or
 * groups of digits. Null when what follows is a date, an amount, a weight or a word.
 */
export function readLabelledToken(folded: string, from: number): Token | null {
  const { offset: start, skipped } = skipConnectors(folded, from)
  if (skipped.length > 40) return null
  const spaced = matchAt(spacedDigits, folded, start) ?? matchAt(spacedSeries, folded, start)
  const solid = matchAt(reference, folded, start)
  const value = spaced && spaced.length > (solid?.length ?? 0) ? spaced : solid
  if (!value) return null
  const end = start + value.length
  if (date.test(value) || fileName.test(value) || afterwards.test(folded.slice(end, end + 6))) return null
  return { value, start, end, numbered: numbering.test(skipped), digits: value.replace(/\D+/g, '').length }
}
