import { span, type Line, type Span } from './lines.ts'
import type { Statement } from './statement.ts'

const mostValueLines = 4
const longestLabel = 70
const mostRows = 40

/** A line with many cells also says what each of them, and each two of them, say. */
export function toCells(text: string, { cells }: Line, near: Span[]): Statement[] {
  if (cells.length < 2) return []
  const single = cells
    .filter((cell, index) => !cells[index + 1] || /\d/.test(text.slice(cell.start, cell.end)))
    .map((cell) => ({
      spans: [cell],
      near,
      size: 1,
      bare: /^[^:]{2,30} ?: ?\S/.test(text.slice(cell.start, cell.end)) ? 0 : 0.3,
    }))
  const pairs = cells
    .slice(1)
    .map((cell, index) => ({ spans: [cells[index] as Span, cell], near, size: 1, bare: 0 }))
    .filter((_pair, index) => !labelled.test(text.slice(cells[index + 1]?.start, cells[index + 1]?.end)))
  return cells.length > 2 ? [...single, ...pairs] : single
}

/** The boxes of a form are numbered: what stands in one is no label of another. */
const numbered = /^\d{1,2}(?:-\d{1,2})? \p{Lu}/u

/** What has a label of its own is not the value of the label before it. */
const labelled = /^(?:t[ée]l|fax|n°|siret|siren|rcs|tva|iban|e-?mail|date|[^:\t\n]{2,30} ?:)/i

function isLabel(text: string, { start, end }: Span): boolean {
  const words = text.slice(start, end)
  return words.length <= longestLabel && /\p{L}{2}/u.test(words) && !/[.!?]$/.test(words.replace(/\b\p{L}\.$/u, ''))
}

/** A line among those around it. */
interface Place {
  lines: readonly Line[]
  index: number
}

/** Heads of columns with the cells below them, cell by cell and row by row. */
export function toColumns(text: string, { lines, index }: Place): Statement[] {
  const heads = (lines[index] as Line).cells
  if (
    heads.length < 2 ||
    !heads.every((head) => isLabel(text, head) && !/\d{2}/.test(text.slice(head.start, head.end)))
  )
    return []
  const found: Statement[] = []
  for (let at = index + 1; at < lines.length && at <= index + mostRows; at++) {
    const row = lines[at]
    if (!row || row.cells.length !== heads.length || !/\d/.test(text.slice(row.start, row.end))) break
    found.push({ spans: [span(row)], near: heads, size: 1, bare: 0 })
    for (const [column, cell] of row.cells.entries())
      found.push({ spans: [heads[column] as Span, cell], near: row.cells, size: 1, bare: 0 })
  }
  return found
}

/** A label with a value in its own line has none below it, unless that belongs to another label. */
function hasValue(text: string, { start, end }: Span): boolean {
  const words = text.slice(start, end)
  return /\d/.test(words) && !labelled.test(words)
}

/** A label with the one to four lines below it, down the first column. */
export function toStacks(text: string, { lines, index, near }: Place & { near: Span[] }): Statement[] {
  const { cells } = lines[index] as Line
  const label = cells[0]
  if (!label || !isLabel(text, label) || (cells[1] && hasValue(text, cells[1]))) return []
  const found: Statement[] = []
  const values: Span[] = []
  let blocks = 0
  for (let at = index + 1; at < lines.length && values.length < mostValueLines; at++) {
    const below = lines[at]
    const cell = below?.cells[0]
    if (!below || !cell || below.prose || lines[at + 1]?.prose) break
    const words = text.slice(cell.start, cell.end)
    if (numbered.test(words) || (values.length === 0 && labelled.test(words))) break
    if (below.block !== lines[at - 1]?.block && (++blocks > 2 || values.length > 1)) break
    values.push(cell)
    found.push({ spans: [label, ...values], near, size: values.length, bare: 0 })
  }
  return found
}
